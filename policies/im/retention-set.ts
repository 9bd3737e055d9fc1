import { z } from "zod";
import { homeserverOf } from "../pack/configuration/homeserver.ts";
import { isProduction } from "../pack/intent.ts";
import { each, stackRule, withSettings } from "../pack/rule.ts";

const retention = z.looseObject({
  enabled: z.boolean(),
  default_policy: z.looseObject({ max_lifetime: z.unknown().optional() }).optional(),
});
const mediaRetention = z.looseObject({ local_media_lifetime: z.union([z.string(), z.number()]) });

export const retentionSet = withSettings(
  z.strictObject({
    keepForever: z
      .boolean()
      .default(false)
      .describe("Whether messages and files may be kept for ever in production, because somebody has decided so."),
  }),
  ({ keepForever }) =>
    stackRule({
      id: "im-retention-set",
      title: "It is decided how long messages and files are kept",
      why: "Personal data may be kept only as long as they are needed, and records at least as long as the law asks. Left to itself a homeserver keeps everything for ever, which is a decision that nobody has made.",
      fix: "Set how long messages and files are kept (in this project `roost:im.retention`); where they are to be kept for ever, say so by the rule's setting `keepForever`.",
      severity: "medium",
      controls: { iso: ["A.5.33", "A.8.10"], gbt: ["8.1.4.11 a)"] },
      appliesTo: (stack) => stack.some((resource) => homeserverOf(resource) !== undefined),
      check(stack, report) {
        each(stack, (resource) => {
          const settings = homeserverOf(resource);
          if (settings === undefined) return;
          const messages = retention.safeParse(settings.retention).data;
          if (messages === undefined)
            report("nothing is said about how long messages are kept (`retention`)", resource);
          else if (messages.enabled && messages.default_policy?.max_lifetime === undefined) {
            report("retention is enabled, but has no default_policy with a max_lifetime", resource);
          }
          // What is for trying out ends with the trial.
          if (keepForever || !isProduction(stack)) return;
          if (messages?.enabled === false) report("messages are kept for ever in production", resource);
          if (!mediaRetention.safeParse(settings.media_retention).success) {
            report("files are kept for ever in production (`media_retention`)", resource);
          }
        });
      },
    }),
);
