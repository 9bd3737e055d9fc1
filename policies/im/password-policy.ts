import { z } from "zod";
import { settingOf } from "../pack/configuration/synapse.ts";
import { withSettings } from "../pack/rule.ts";
import { synapseRule } from "./synapse-rule.ts";

const passwordConfig = z.looseObject({
  enabled: z.unknown().default(true),
  policy: z.looseObject({ enabled: z.boolean().default(false), minimum_length: z.number().default(0) }).prefault({}),
});
const delegated = z.looseObject({ enabled: z.literal(true) });

export const passwordPolicy = withSettings(
  z.strictObject({
    minimumLength: z.int().min(8).default(12).describe("The length that the homeserver asks of a password at least."),
  }),
  ({ minimumLength }) =>
    synapseRule({
      id: "im-password-policy",
      title: "The homeserver takes no short password, or no passwords at all",
      why: "Synapse by itself takes any password, of one letter too. Short ones are guessed in spite of every limit, and found at once where the database was stolen.",
      fix: `Set \`password_config.policy\` to \`enabled: true\` with \`minimum_length: ${minimumLength}\`, or \`password_config.enabled: false\` where people sign in elsewhere.`,
      severity: "high",
      controls: { iso: ["A.5.17"], gbt: ["8.1.4.1 a)"] },
      check(synapse, report) {
        if (delegated.safeParse(settingOf(synapse, "matrix_authentication_service")).success) return;
        const { success, data } = passwordConfig.safeParse(settingOf(synapse, "password_config") ?? {});
        const about = synapse.pods.resource;
        if (!success) report("password_config cannot be read", about);
        else if (data.enabled === false) return;
        else if (!data.policy.enabled) report("password_config has no policy that is enabled", about);
        else if (data.policy.minimum_length < minimumLength) {
          report(
            `password_config takes passwords of ${data.policy.minimum_length} characters, less than ${minimumLength}`,
            about,
          );
        }
      },
    }),
);
