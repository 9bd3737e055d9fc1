import { z } from "zod";
import { decimalNumber, flag, oneOf, wholeNumber } from "../setting.ts";

export const syncSettings = z
  .strictObject({
    intervalSeconds: wholeNumber({
      min: 5,
      max: 240,
      unit: "seconds",
      description: "How often the directory and Matrix are compared. A leaver is locked out at the next comparison.",
      example: 60,
    }).default(30),
    maxLeavers: z
      .strictObject({
        percent: decimalNumber({
          min: 0,
          max: 100,
          description: "Share of all accounts, in percent, that may be deactivated at once.",
          example: 5,
        }).default(10),
        atLeast: wholeNumber({
          min: 0,
          max: 1000,
          description: "Accounts that may be deactivated at once however few there are.",
          example: 3,
        }).default(3),
      })
      .meta({
        description:
          "More leavers than this at once are taken for a fault of the directory: nobody is deactivated, and it alarms.",
      })
      .prefault({}),
    rehire: oneOf(["new", "same"], {
      description:
        'What a person gets who comes back under the same login: "new" is a new, separate account; "same" is the old one, with its rooms and messages.',
      example: "same",
    }).default("new"),
    identifiers: oneOf(["login", "opaque"], {
      description:
        'Localpart of a new account: "login" is the name with which the person signs in; "opaque" is the directory\'s key, which tells nothing. It never changes afterwards.',
      example: "opaque",
    }).default("login"),
    dryRun: flag({
      description: "Whether it only says what it would do.",
      example: true,
    }).default(false),
    actionsPerSecond: decimalNumber({
      min: 0.1,
      max: 1000,
      unit: "per second",
      description: "Changes that it makes in Matrix at most.",
      example: 20,
    }).default(10),
  })
  .meta({ description: "How Matrix follows the directory." });

export type SyncSettings = z.output<typeof syncSettings>;
