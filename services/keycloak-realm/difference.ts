/** Pure: what of the declared is not so. */

/**
 * Parts of `declared` that differ in `found`, by their path: `attributes.acr`. What is found and not declared does not
 * count. Lists of texts are compared as sets, since Keycloak keeps no order of them.
 */
export function differences(declared: unknown, found: unknown, path = ""): string[] {
  if (Array.isArray(declared)) return sameList(declared, found) ? [] : [path];
  if (typeof declared === "object" && declared !== null) {
    const entries = Object.entries(declared).filter(([, value]) => value !== undefined);
    return entries.flatMap(([key, value]) => differences(value, memberOf(found, key), path ? `${path}.${key}` : key));
  }
  return declared === found ? [] : [path];
}

/** `found` with everything that is declared; lists are replaced whole. */
export function restored<T extends object>(declared: T, found: object): T {
  const merged: Record<string, unknown> = { ...found };
  for (const [key, value] of Object.entries(declared)) {
    if (value === undefined) continue;
    const before = memberOf(found, key);
    const isObject = (each: unknown): each is object =>
      typeof each === "object" && each !== null && !Array.isArray(each);
    merged[key] = isObject(value) && isObject(before) ? restored(value, before) : value;
  }
  return Object.assign(structuredClone(declared), merged);
}

function sameList(declared: readonly unknown[], found: unknown): boolean {
  if (!Array.isArray(found)) return declared.length === 0;
  const texts = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort();
  return JSON.stringify(texts(declared)) === JSON.stringify(texts(found));
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
