/** The entry of that name, where one was set: names that every object has, such as `constructor`, are none. */
export function entry<Entry>(entries: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
