import type { HostFile } from "./files.ts";
import { WRITTEN } from "./files.ts";

/** Sections of a unit; a directive that is given several times has a list. */
export type Unit = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A unit of systemd. */
export function unit(name: string, sections: Unit): HostFile {
  return { path: `/etc/systemd/system/${name}`, content: `${WRITTEN}\n${ini(sections)}` };
}

/** What is added to a unit that a package brings. */
export function dropIn(name: string, sections: Unit): HostFile {
  return { path: `/etc/systemd/system/${name}.d/roost.conf`, content: `${WRITTEN}\n${ini(sections)}` };
}

/** Sections in the format that systemd, NetworkManager and others read. */
export function ini(sections: Unit): string {
  return Object.entries(sections)
    .map(([section, directives]) => {
      const lines = Object.entries(directives).flatMap(([name, value]) =>
        [value].flat().map((each) => `${name}=${each}`),
      );
      return [`[${section}]`, ...lines, ""].join("\n");
    })
    .join("\n");
}
