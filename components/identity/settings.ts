import type { KeycloakSettings, Sizing as KeycloakSizing } from "./keycloak/index.ts";
import type { DirectorySchema } from "./ldap.ts";
import type { OidcClaims } from "./oidc.ts";
import type { Rights } from "./rights.ts";
import type { SyncSettings } from "./sync/index.ts";

/** A person of the embedded directory. */
export interface PersonSettings {
  readonly givenName: string;
  readonly surname: string;
  /** @default given name and family name */
  readonly displayName?: string | undefined;
  readonly mail?: string | undefined;
  readonly groups: readonly string[];
  readonly employeeNumber?: string | undefined;
  readonly disabled: boolean;
  /** Last day, in UTC: `2027-01-31`. @default none */
  readonly expires?: string | undefined;
}

export interface GroupSettings {
  readonly description?: string | undefined;
  /** Groups whose members are members of this one too. */
  readonly groups: readonly string[];
}

export interface PasswordSettings {
  readonly minLength: number;
  /** Former passwords that may not be taken again. */
  readonly remembered: number;
  readonly maxAgeDays: number | "never";
}

export type DirectorySettings =
  | {
      readonly kind: "embedded";
      readonly people: Readonly<Record<string, PersonSettings>>;
      readonly groups: Readonly<Record<string, GroupSettings>>;
      readonly passwords: PasswordSettings;
    }
  | {
      readonly kind: "external";
      readonly urls: readonly string[];
      readonly cidrs: readonly string[];
      readonly schema: DirectorySchema;
      readonly bindDn: string;
      /** A secret. */
      readonly bindPassword: string;
      readonly caPem?: string | undefined;
      readonly peopleDn: string;
      readonly groupsDn: string;
      readonly peopleFilter?: string | undefined;
      readonly pageSize: number;
      readonly nestedGroups: boolean;
    };

export type ProviderSettings =
  | (KeycloakSettings & { readonly kind: "keycloak" })
  | {
      readonly kind: "external";
      readonly issuer: string;
      readonly clientId: string;
      /** A secret. */
      readonly clientSecret: string;
      readonly cidrs: readonly string[];
      readonly caPem?: string | undefined;
      readonly claims: OidcClaims;
    };

/** What an operator may ask of people's accounts. */
export interface IdentitySettings {
  readonly directory: DirectorySettings;
  readonly provider: ProviderSettings;
  readonly rights: Rights;
  readonly sync: SyncSettings & {
    /** Localpart of a new account: what people sign in with, or the directory's key. */
    readonly identifiers: "login" | "opaque";
  };
}

/** What a part is given to work with: pods, and processors in cores and memory of each. */
export interface PodSizing {
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface IdentitySizing {
  /** Where Keycloak is the environment's own. */
  readonly keycloak?: KeycloakSizing;
  /** Where the directory is the environment's own; its volumes in GiB. */
  readonly directory?: PodSizing & { readonly storageGiB: number };
  readonly directorySync: PodSizing;
}
