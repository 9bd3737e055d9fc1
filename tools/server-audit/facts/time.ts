import { type Fact, lines } from "./fact.ts";

export interface Clock {
  readonly timeZone: string;
  readonly synchronized: boolean;
}

export const clock: Fact<Clock> = {
  name: "clock",
  program: "timedatectl",
  asRoot: false,
  command: "timedatectl show",
  parse: (output) => {
    const values = new Map(lines(output).map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
    const timeZone = values.get("Timezone");
    if (timeZone === undefined) throw new Error(`no Timezone in ${output}`);
    return { timeZone, synchronized: values.get("NTPSynchronized") === "yes" };
  },
};

export interface TimeSource {
  /** As it is called in the configuration. */
  readonly name: string;
  /** "*" the clock follows it; "+" it is combined with that one; "-" it is not used; "?" it does not answer; "x", "~" it is wrong. */
  readonly state: string;
}

/** @source https://chrony-project.org/doc/4.3/chronyc.html (sources, -c, -N) */
export const timeSources: Fact<readonly TimeSource[]> = {
  name: "time-sources",
  program: "chronyc",
  asRoot: true,
  command: "chronyc -c -N sources",
  parse: (output) =>
    lines(output).map((line) => {
      const [mode, state, name] = line.split(",");
      if (mode === undefined || !"^=#".includes(mode) || state === undefined || name === undefined)
        throw new Error(`no source: ${line}`);
      return { name, state };
    }),
};
