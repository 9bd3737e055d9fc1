import type { OperatingSystem } from "../model.ts";

/** Systems that are set up alike: names of packages, units and files differ between families, rarely within one. */
export type Family = "debian" | "redhat";

export function familyOf({ distribution }: OperatingSystem): Family {
  return distribution === "debian" || distribution === "ubuntu" ? "debian" : "redhat";
}

/** What it is called in that family. */
export function named(system: OperatingSystem, names: Readonly<Record<Family, string>>): string {
  return names[familyOf(system)];
}
