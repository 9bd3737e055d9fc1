import type { BadSetting } from "./bad-settings.cases.ts";

/** What an error message fails to say about a bad setting: path, value, what is allowed, what to do. Nothing, if it is clear. */
export function unclearAbout({ path, given, remedy, hidden }: BadSetting, message: string): string[] {
  const line = message.split("\n").find((each) => each.includes(`roost:${path}: `));
  if (line === undefined) return [`roost:${path} is not named in: ${message}`];
  const [found = "", allowed = "", ...rest] = line.split(/; allowed: |; (?=[^;]*$)/);
  return [
    ...(given !== undefined && !found.includes(given) ? [`the value ${given} is not in: ${line}`] : []),
    ...(allowed.trim() === "" ? [`what is allowed is not in: ${line}`] : []),
    ...(rest.join("; ").includes(remedy) ? [] : [`what to do (${remedy}) is not in: ${line}`]),
    ...(hidden !== undefined && message.includes(hidden) ? ["what is secret is shown"] : []),
  ];
}
