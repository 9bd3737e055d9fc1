import { z } from "zod";
import { withSettings } from "../pack/rule.ts";
import { homeserverRule } from "./homeserver-rule.ts";

/** Limits with Synapse's own where nothing is said. */
const limits = z.looseObject({
  account: z.looseObject({ per_second: z.number().default(0.003), burst_count: z.number().default(5) }).prefault({}),
  failed_attempts: z
    .looseObject({ per_second: z.number().default(0.17), burst_count: z.number().default(3) })
    .prefault({}),
});

export const signInRateLimit = withSettings(
  z.strictObject({
    mostPerMinute: z
      .number()
      .positive()
      .default(12)
      .describe("Sign-ins of one account within a minute, failed ones too, that may be let through for ever."),
    mostAtOnce: z.int().positive().default(20).describe("Sign-ins of one account that may be let through at once."),
  }),
  ({ mostPerMinute, mostAtOnce }) =>
    homeserverRule({
      id: "im-sign-in-rate-limit",
      title: "The homeserver limits how often a password may be guessed",
      why: "Passwords that people choose are found by trying, if trying costs nothing. The limits count by account, which an attacker with many addresses cannot get around.",
      fix: "Lower `per_second` and `burst_count` of `rc_login.account` and `rc_login.failed_attempts`, or leave them to Synapse's defaults.",
      severity: "high",
      controls: { iso: ["A.8.5"], gbt: ["8.1.4.1 b)"] },
      check({ rc_login }, report) {
        const { success, data: inForce } = limits.safeParse(rc_login ?? {});
        if (!success) return report("rc_login cannot be read");
        for (const name of ["account", "failed_attempts"] as const) {
          const { per_second, burst_count } = inForce[name];
          const perMinute = Math.round(per_second * 60 * 10) / 10;
          if (perMinute > mostPerMinute)
            report(`rc_login.${name} lets ${perMinute} a minute through, more than ${mostPerMinute}`);
          if (burst_count > mostAtOnce)
            report(`rc_login.${name} lets ${burst_count} at once through, more than ${mostAtOnce}`);
        }
      },
    }),
);
