import { z } from "zod";
import { matrixSettings } from "./matrix.ts";
import { oneOf } from "./setting.ts";

/** Engines that are known, with their editions, but that nothing deploys yet: choosing one says why not. */
const mattermost = z
  .strictObject({
    engine: z.literal("mattermost").meta({ description: "Mattermost. Not available yet." }),
    edition: oneOf(["team", "entry", "professional", "enterprise"], {
      description: "What has been bought, which decides what can be had.",
      example: "enterprise",
    }).default("team"),
  })
  .meta({ description: "Mattermost; not available yet." });

const rocketChat = z
  .strictObject({
    engine: z.literal("rocketchat").meta({ description: "Rocket.Chat. Not available yet." }),
    edition: oneOf(["community", "enterprise"], {
      description: "What has been bought, which decides what can be had.",
      example: "enterprise",
    }).default("community"),
  })
  .meta({ description: "Rocket.Chat; not available yet." });

const lanying = z
  .strictObject({
    engine: z.literal("lanying").meta({ description: "Lanying IM. Not available yet." }),
    edition: oneOf(["licensed"], {
      description: "What has been bought, which decides what can be had.",
      example: "licensed",
    }).default("licensed"),
  })
  .meta({ description: "Lanying IM; not available yet." });

export const imSettings = z.discriminatedUnion("engine", [matrixSettings, mattermost, rocketChat, lanying]).meta({
  description: "The IM service: one engine, with the settings that this engine has.",
  example: { engine: "matrix", media: { maxUploadMiB: 100 } },
});

export type ImSettings = z.output<typeof imSettings>;
