import { z } from "zod";
import { directorySettings } from "./directory.ts";
import { providerSettings } from "./provider.ts";
import { rightsSettings } from "./rights.ts";
import { syncSettings } from "./sync.ts";

const local = z
  .strictObject({
    kind: z.literal("local").meta({ description: "Accounts of the homeserver's own, which `make user` adds." }),
  })
  .meta({ description: "Accounts of the homeserver's own." });

const singleSignOn = z
  .strictObject({
    kind: z.literal("sso").meta({ description: "Accounts of the organisation: a directory and an identity provider." }),
    directory: directorySettings,
    provider: providerSettings.prefault({ kind: "keycloak" }),
    rights: rightsSettings.prefault({}),
    sync: syncSettings.prefault({}),
  })
  .meta({
    description:
      "One account for everyone: people sign in at an identity provider, and what they may do follows from their groups in a directory.",
  });

export const identitySettings = z.discriminatedUnion("kind", [local, singleSignOn]).meta({
  description: "Where people's accounts come from, and who may do what.",
  example: {
    kind: "sso",
    directory: {
      kind: "external",
      urls: ["ldaps://dc1.example.org"],
      cidrs: ["10.2.0.11/32"],
      schema: "activeDirectory",
      bindDn: "cn=roost,ou=services,dc=example,dc=org",
      peopleDn: "ou=people,dc=example,dc=org",
      groupsDn: "ou=groups,dc=example,dc=org",
    },
    rights: { signIn: ["staff"], administrators: ["it"] },
  },
});

export type IdentitySettings = z.output<typeof identitySettings>;
/** What has been set for people who sign in at an identity provider. */
export type SingleSignOnSettings = Extract<IdentitySettings, { kind: "sso" }>;
export type { DirectorySettings } from "./directory.ts";
export type { ProviderSettings } from "./provider.ts";
export type { RightsSettings } from "./rights.ts";
export type { SyncSettings } from "./sync.ts";
