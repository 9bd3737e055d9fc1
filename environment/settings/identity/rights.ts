import { z } from "zod";
import { flag, text, wholeNumber } from "../setting.ts";
import { ALIAS, everyoneOrGroups, GROUP_NAME, groupNames } from "./names.ts";

const SHOWN = /^\S(?:[^\p{Cc}]{0,253}\S)?$/u;

const place = {
  name: text(SHOWN, {
    description: "What people read.",
    allowed: "a text of at most 255 characters, without spaces at its ends",
    example: "Announcements",
    maxLength: 255,
  }),
  topic: text(/^\S[^\p{Cc}]*$/u, {
    description: "What it is for.",
    allowed: "a text on one line, at most 1024 characters",
    example: "News that concern everybody",
    maxLength: 1024,
    defaultText: "none",
  }).optional(),
  members: everyoneOrGroups({
    description: "Who is in it from the first sign-in on, and leaves it with the group.",
    example: ["staff"],
  }),
  moderators: groupNames(0, {
    description: "Groups whose members have power level 50 there. They are members too.",
    example: ["leads"],
  }).default([]),
  administrators: groupNames(0, {
    description: "Groups whose members have power level 100 there. They are members too.",
    example: ["it"],
  }).default([]),
};

const space = z.strictObject(place).meta({ description: "A space: rooms that belong together." });

const room = z
  .strictObject({
    ...place,
    space: text(ALIAS, {
      description: "Space that shows it.",
      allowed: "a name below roost:identity.rights.spaces",
      example: "company",
      defaultText: "none",
    }).optional(),
    encrypted: flag({
      description: "Whether it is end-to-end encrypted. Who joins later cannot read what was written before.",
      example: true,
    }).default(false),
  })
  .meta({ description: "A room." });

const ALIAS_NOTE = "lower-case letters, digits and . _ -, at most 100, a letter or digit first";

export const rightsSettings = z
  .strictObject({
    signIn: everyoneOrGroups({
      description: "Who may sign in. Who no longer may is deactivated as a leaver.",
      example: ["staff", "contractors"],
    }).default("everyone"),
    administrators: groupNames(0, {
      description: "Groups whose members are server administrators of Matrix; Keycloak asks them for a second factor.",
      example: ["it"],
    }).default([]),
    createRooms: everyoneOrGroups({
      description: "Who may make rooms and spaces. Server administrators always may.",
      example: ["staff"],
    }).default("everyone"),
    uploads: z
      .record(
        z.string().max(128).regex(GROUP_NAME),
        wholeNumber({
          min: 0,
          max: 4096,
          unit: "MiB",
          description: "Largest file that members of the group can send; 0 is none at all.",
          example: 10,
        }),
      )
      .meta({
        description:
          "Largest file that members of a group can send, in MiB. Who is in several has the largest of these; who is in none has `roost:im.media.maxUploadMiB`.",
        allowed: "an object of names (cn) of groups, each with a whole number of MiB",
        entryName: "group",
        example: { contractors: 10 },
      })
      .default({}),
    spaces: z
      .record(z.string().max(100).regex(ALIAS), space)
      .meta({
        description: "Spaces, by the localpart of their alias: `company` is `#company:example.org`.",
        allowed: `an object with a space under each alias: ${ALIAS_NOTE}`,
        entryName: "alias",
        example: { company: { name: "Company", members: "everyone" } },
      })
      .default({}),
    rooms: z
      .record(z.string().max(100).regex(ALIAS), room)
      .meta({
        description: "Rooms, by the localpart of their alias: `news` is `#news:example.org`.",
        allowed: `an object with a room under each alias: ${ALIAS_NOTE}`,
        entryName: "alias",
        example: { news: { name: "News", members: "everyone", moderators: ["it"], space: "company" } },
      })
      .default({}),
  })
  .meta({ description: "Who may do what, by the groups that people are in." });

export type RightsSettings = z.output<typeof rightsSettings>;
