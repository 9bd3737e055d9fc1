import { z } from "zod";
import { withSettings } from "../pack/rule.ts";
import { highlyAvailableRule } from "./clusters.ts";

const seconds = (value: number) => z.int().min(0).default(value);

/** What the operator takes where nothing is said. @source https://cloudnative-pg.io/documentation/1.28/instance_manager/ */
const operatorsOwn = { smartShutdownTimeout: 180, stopDelay: 1800, switchoverDelay: 3600 } as const;

export const fastSwitchover = withSettings(
  z.strictObject({
    smartShutdownTimeout: seconds(15).describe(
      "Longest that a primary may wait for clients to leave, in seconds. Clients that pool their connections never do.",
    ),
    stopDelay: seconds(60).describe("Longest that an instance may take to stop, in seconds."),
    switchoverDelay: seconds(60).describe("Longest that a primary may take to stop in a switchover, in seconds."),
  }),
  (longest) =>
    highlyAvailableRule({
      id: "postgres-fast-switchover",
      title: "A planned change of the primary takes seconds",
      why: "With the operator's defaults a primary that is to stop waits three minutes for clients to leave, and meanwhile nothing is written. One that hangs is waited for up to an hour.",
      fix: "Set `smartShutdownTimeout: 0`, `stopDelay: 30` and `switchoverDelay: 30`: clients try again what they had not committed.",
      severity: "medium",
      controls: { iso: ["A.5.30"] },
      check(spec, report) {
        for (const name of ["smartShutdownTimeout", "stopDelay", "switchoverDelay"] as const) {
          const value = spec[name] ?? operatorsOwn[name];
          if (value > longest[name]) report(`${name} is ${value} s, and may be ${longest[name]} s`);
        }
      },
    }),
);
