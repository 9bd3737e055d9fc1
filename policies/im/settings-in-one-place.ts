import { z } from "zod";
import { settingsIn } from "../pack/configuration/homeserver.ts";
import { withSettings } from "../pack/rule.ts";
import { synapseRule } from "./synapse-rule.ts";

export const settingsInOnePlace = withSettings(
  z.strictObject({
    replaceable: z
      .array(z.string())
      .default([])
      .describe("Settings that a further file may replace, for example `listeners` for workers."),
  }),
  ({ replaceable }) =>
    synapseRule({
      id: "im-settings-in-one-place",
      title: "No further file replaces a setting of the homeserver",
      why: "Of a setting that stands in two files the last one counts, as a whole. Reviewers and the other rules read the first, so a second one opens what both believe to be closed.",
      fix: "Keep each top-level setting in one file; name what workers have to replace in the rule's setting `replaceable`.",
      severity: "medium",
      controls: { iso: ["A.8.9"] },
      check({ files }, report) {
        const seen = new Set<string>();
        for (const { name, resource, text } of files) {
          const settings = Object.keys(settingsIn(text()));
          const again = settings.filter((setting) => seen.has(setting) && !replaceable.includes(setting));
          if (again.length > 0) report(`${name} replaces ${again.join(", ")}`, resource);
          for (const setting of settings) seen.add(setting);
        }
      },
    }),
);
