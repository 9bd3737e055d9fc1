import { type Fact, lines, words } from "./fact.ts";

/** Something that waits for connections or packets. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** Names of the programs; only root sees those of others. */
  readonly programs: readonly string[];
}

export const listeners: Fact<readonly Listener[]> = {
  name: "listeners",
  program: "ss",
  asRoot: true,
  command: "ss -H -lntup",
  parse: (output) =>
    lines(output).map((line) => {
      const [protocol, , , , local = ""] = words(line);
      const [, address, port] = /^(.*):(\d+)$/.exec(local) ?? [];
      if ((protocol !== "tcp" && protocol !== "udp") || address === undefined) throw new Error(`no socket: ${line}`);
      const programs = [...line.matchAll(/\("([^"]+)",pid=/g)].map(([, program = ""]) => program);
      return {
        protocol,
        address: address.replace(/^\[|\]$/g, "").replace(/%.*$/, ""),
        port: Number(port),
        programs: [...new Set(programs)],
      };
    }),
};
