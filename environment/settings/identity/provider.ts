import { z } from "zod";
import { addressRanges, authorityPem, hostName } from "../names.ts";
import { decimalNumber, oneOf, text, wholeNumber } from "../setting.ts";

const planned = "from the plan, by users (`make plan` shows it)";

const keycloak = z
  .strictObject({
    kind: z.literal("keycloak").meta({ description: "Keycloak in the environment, on its PostgreSQL." }),
    host: hostName({
      description: "Host name of the page on which people sign in.",
      example: "id.example.org",
      defaultText: "`id.` and the domain",
    }).optional(),
    secondFactor: oneOf(["administrators", "everyone"], {
      description: "Who must have a second factor (an app that shows one-time passwords). Others may.",
      example: "everyone",
    }).default("administrators"),
    sessions: z
      .strictObject({
        idleMinutes: wholeNumber({
          min: 5,
          max: 43_200,
          unit: "minutes",
          description:
            "After how long without use a session at the identity provider ends. Sessions of chat clients last on.",
          example: 60,
        }).default(60),
        maxHours: wholeNumber({
          min: 1,
          max: 8760,
          description: "Hours after which such a session ends in any case.",
          example: 12,
        }).default(12),
      })
      .meta({ description: "How long people stay signed in at the identity provider." })
      .prefault({}),
    lockout: z
      .strictObject({
        failures: wholeNumber({
          min: 3,
          max: 100,
          description: "Wrong passwords in a row after which an account is locked for a while.",
          example: 5,
          source: "https://pages.nist.gov/800-63-4/sp800-63b.html#throttle",
        }).default(10),
        minutes: wholeNumber({
          min: 1,
          max: 1440,
          unit: "minutes",
          description: "How long it is locked.",
          example: 30,
        }).default(15),
      })
      .meta({ description: "What happens when somebody guesses passwords." })
      .prefault({}),
    memoryMiB: wholeNumber({
      min: 768,
      max: 65_536,
      unit: "MiB",
      description: "Memory of each Keycloak. A little over half of it becomes the heap.",
      example: 2048,
      defaultText: planned,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 32,
      unit: "cores",
      description: "Processors that each Keycloak is guaranteed; hashing passwords and starting take most of them.",
      example: 1,
      defaultText: planned,
    }).optional(),
  })
  .meta({ description: "The Keycloak of the environment." });

const claimName = (description: string, example: string) =>
  text(/^[A-Za-z0-9_.:/-]+$/, { description, allowed: "the name of a claim", example, maxLength: 255 });

const external = z
  .strictObject({
    kind: z
      .literal("external")
      .meta({ description: "The organisation's own OpenID Connect provider; no Keycloak is deployed." }),
    issuer: text(/^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/, {
      description:
        "The issuer, exactly as it stands in the provider's tokens. Its endpoints are read from `/.well-known/openid-configuration` there.",
      allowed: "an address that begins with https://, as in the tokens",
      example: "https://login.example.org/realms/company",
      maxLength: 1024,
      source: "https://openid.net/specs/openid-connect-discovery-1_0.html",
    }),
    clientId: text(/^[\x21-\x7e]+$/, {
      description: "Name of the client that has been registered there for Matrix.",
      allowed: "a text without spaces",
      example: "matrix",
    }),
    clientSecret: text(/^[\x20-\x7e]+$/, {
      description:
        "Secret of this client. Set it with `pulumi config set --secret --path roost:identity.provider.clientSecret`.",
      allowed: "a text on one line, set as a secret",
      example: "…",
      maxLength: 1024,
      secret: true,
    }),
    cidrs: addressRanges(1, {
      description:
        "Where the provider is: Synapse is let out to these addresses, at the issuer's port, and nowhere else.",
      example: ["10.2.0.21/32"],
    }),
    caPem: authorityPem({
      description: "The authority that has issued the provider's certificate.",
      example: "-----BEGIN CERTIFICATE-----…",
      defaultText: "the public authorities",
    }).optional(),
    claims: z
      .strictObject({
        subject: claimName(
          "Claim that holds the directory's own, immutable key of the person: `objectGUID` as a UUID, `entryUUID` or `ipaUniqueID`. By it, accounts follow the directory.",
          "directory_id",
        ),
        login: claimName("Claim that holds the name with which the person signs in.", "upn").default(
          "preferred_username",
        ),
        name: claimName("Claim that holds what others read.", "displayName").default("name"),
        groups: claimName("Claim that holds the names (cn) of the person's groups.", "roles").default("groups"),
      })
      .meta({ description: "Where in the provider's tokens things stand.", example: { subject: "directory_id" } }),
  })
  .meta({ description: "The organisation's own provider: ADFS, Entra ID, Keycloak, Authentik or another." });

export const providerSettings = z.discriminatedUnion("kind", [keycloak, external]).meta({
  description: "Who vouches for people when they sign in.",
  example: { kind: "keycloak", secondFactor: "everyone" },
});

export type ProviderSettings = z.output<typeof providerSettings>;
