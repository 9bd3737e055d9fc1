import { z } from "zod";
import { withSettings } from "../pack/rule.ts";
import { clusterRule, majorVersionOf } from "./clusters.ts";

export const supportedVersion = withSettings(
  z.strictObject({
    minimum: z
      .int()
      .min(1)
      .default(15)
      .describe(
        "Oldest major version. PostgreSQL 14 ended in November 2026, 15 ends in November 2027: https://www.postgresql.org/support/versioning/.",
      ),
  }),
  ({ minimum }) =>
    clusterRule({
      id: "postgres-supported-version",
      title: "PostgreSQL is of a version that still gets security fixes",
      why: "A major version is mended for five years, and what is found afterwards stays open. Going to the next one takes a plan, so that it has to begin before the end.",
      fix: "Name an image whose tag begins with a newer major version, or one in `imageCatalogRef.major`; the operator upgrades in place.",
      severity: "high",
      controls: { nsa: ["upgrades"], iso: ["A.8.8"], gbt: ["8.1.4.4 e)"] },
      check(spec, report) {
        const major = majorVersionOf(spec);
        if (major === undefined) report("neither the image's tag nor a catalogue says PostgreSQL's major version");
        else if (major < minimum) report(`PostgreSQL ${major} is older than ${minimum}`);
      },
    }),
);
