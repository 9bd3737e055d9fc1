import { z } from "zod";
import { type Fact, lines, words } from "./fact.ts";

export interface Mount {
  readonly target: string;
  readonly source: string;
  readonly fileSystem: string;
  readonly options: readonly string[];
}

const findmnt = z.object({
  filesystems: z.array(z.object({ target: z.string(), source: z.string(), fstype: z.string(), options: z.string() })),
});

/** File systems on disks. Of several at one place the last is the one that is seen. */
export const mounts: Fact<readonly Mount[]> = {
  name: "mounts",
  program: "findmnt",
  asRoot: false,
  command: "findmnt --json --list --real --output TARGET,SOURCE,FSTYPE,OPTIONS",
  parse: (output) =>
    findmnt.parse(JSON.parse(output)).filesystems.map(({ target, source, fstype, options }) => ({
      target,
      source,
      fileSystem: fstype,
      options: options.split(","),
    })),
};

/** Devices and files that are swapped to, by path. */
export const swaps: Fact<readonly string[]> = {
  name: "swaps",
  program: "cat",
  asRoot: false,
  command: "cat /proc/swaps",
  parse: (output) => {
    const [head = "", ...rest] = lines(output);
    if (!head.startsWith("Filename")) throw new Error(`no heading in ${head}`);
    return rest.map((line) => words(line)[0] ?? "");
  },
};
