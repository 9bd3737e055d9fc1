/** What the service is told, in one file. Secrets are in files of their own. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const audience = z.union([z.literal("everyone"), z.array(z.string())]);
const place = {
  name: z.string(),
  topic: z.string().optional(),
  members: audience,
  moderators: z.array(z.string()),
  administrators: z.array(z.string()),
};
const file = z.string();

export const configurationSchema = z.strictObject({
  directory: z.strictObject({
    urls: z.array(z.string()).min(1),
    bindDn: z.string(),
    bindPasswordFile: file,
    caFile: file.optional(),
    schema: z.enum(["openldap", "activeDirectory", "freeipa"]),
    peopleDn: z.string(),
    groupsDn: z.string(),
    peopleFilter: z.string().optional(),
    pageSize: z.number().int().positive(),
    nestedGroups: z.boolean(),
  }),
  homeserver: z.strictObject({
    url: z.string(),
    caFile: file.optional(),
    serverName: z.string(),
    localpart: z.string(),
    passwordFile: file,
    /** How the homeserver calls the identity provider in external ids: `oidc-company`. */
    authProvider: z.string(),
    maxUploadMiB: z.number(),
    protectedAccounts: z.array(z.string()),
  }),
  rights: z.strictObject({
    signIn: audience,
    administrators: z.array(z.string()),
    createRooms: audience,
    uploads: z.record(z.string(), z.number()),
    spaces: z.record(z.string(), z.strictObject(place)),
    rooms: z.record(z.string(), z.strictObject({ ...place, space: z.string().optional(), encrypted: z.boolean() })),
  }),
  sync: z.strictObject({
    intervalSeconds: z.number().positive(),
    maxLeavers: z.strictObject({ percent: z.number(), atLeast: z.number() }),
    rehire: z.enum(["new", "same"]),
    dryRun: z.boolean(),
    actionsPerSecond: z.number().positive(),
  }),
  lease: z.strictObject({ url: z.string(), namespace: z.string(), name: z.string(), tokenFile: file, caFile: file }),
  server: z.strictObject({ port: z.number().int(), certificateFile: file, keyFile: file }),
});

export type Configuration = z.output<typeof configurationSchema>;

/** @throws Error that says what is wrong in the file */
export function readConfiguration(path: string): Configuration {
  const result = configurationSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`);
  return result.data;
}
