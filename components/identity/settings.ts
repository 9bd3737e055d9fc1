import type { Group, PasswordPolicy, Person } from "../../services/directory-seed/index.ts";
import type { ExternalDirectorySettings } from "./directory/index.ts";
import type { KeycloakSettings, Sizing as KeycloakSizing } from "./keycloak/index.ts";
import type { OidcClaims } from "./oidc.ts";
import type { Rights } from "./rights.ts";
import type { SyncSettings } from "./sync/index.ts";

export type DirectorySettings =
  | {
      readonly kind: "embedded";
      readonly people: Readonly<Record<string, Person>>;
      readonly groups: Readonly<Record<string, Group>>;
      readonly passwords: Pick<PasswordPolicy, "minLength" | "remembered" | "maxAgeDays">;
    }
  | (ExternalDirectorySettings & { readonly kind: "external" });

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
