/**
 * What a realm of Keycloak is to be, as the stack declares it. What stands in it is ours: whoever changes it by hand finds
 * it restored. What does not stand in it is kept as administrators have it; `initial` is only what a new realm begins with.
 */
import type AuthenticatorConfigRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticatorConfigRepresentation.js";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type ProtocolMapperRepresentation from "@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";

export type Requirement = "REQUIRED" | "ALTERNATIVE" | "CONDITIONAL" | "DISABLED";

/** A step of a flow: an authenticator, or a flow of its own. */
export type Step =
  | {
      readonly authenticator: string;
      readonly requirement: Requirement;
      readonly config?: NonNullable<AuthenticatorConfigRepresentation["config"]>;
    }
  | { readonly flow: string; readonly requirement: Requirement; readonly steps: readonly Step[] };

/** A flow of sign-in. Keycloak's alias of it ends in a fingerprint of its steps: another content is another flow. */
export interface Flow {
  readonly steps: readonly Step[];
}

/** A component's settings: of each, the one value. */
export type ComponentConfig = Readonly<Record<string, string>>;

export interface Mapper {
  readonly provider: string;
  readonly config: ComponentConfig;
}

export interface Directory {
  readonly config: ComponentConfig;
  /** By name; there are no others. */
  readonly mappers: Readonly<Record<string, Mapper>>;
}

export interface ClientScope extends Pick<ClientScopeRepresentation, "description" | "attributes"> {
  readonly mappers: Readonly<Record<string, Pick<ProtocolMapperRepresentation, "protocolMapper" | "config">>>;
}

export interface Client extends ClientRepresentation {
  readonly clientId: string;
  /** File with the client's secret. @default none: a client that signs nobody in */
  readonly secretFile?: string;
  /** Flow of the browser, by its name in {@link RealmSpecification.flows}. @default the realm's */
  readonly browserFlow?: string;
}

export interface RealmSpecification {
  readonly name: string;
  /** Ours, restored. */
  readonly realm: RealmRepresentation;
  /** Only for a new realm, kept afterwards. */
  readonly initial: RealmRepresentation;
  /** Texts by locale and key, ours; further ones are kept. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether each is available, by alias. */
  readonly requiredActions: Readonly<Record<string, boolean>>;
  readonly flows: Readonly<Record<string, Flow>>;
  /** The realm's browser flow, by name. */
  readonly browserFlow: string;
  readonly directory: Directory;
  readonly scopes: Readonly<Record<string, ClientScope>>;
  /** Those that are ours; further ones are kept. */
  readonly clients: readonly Client[];
  /** Clients that Keycloak makes itself, and of them what is ours. */
  readonly builtInClients: readonly Client[];
  readonly rights: Rights;
  /** What a realm's own account for this program is, and may. */
  readonly reconciler: { readonly clientId: string; readonly roles: readonly string[] };
}

/** Roles that people have by their groups in the directory. */
export interface Rights {
  /** Client whose roles are named as groups: who is in a group has its role. */
  readonly groupsClient: string;
  /** Groups that have such a role. */
  readonly groups: readonly string[];
  /** Roles of the same client that each of these groups brings; of no group, nobody has it. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** Where Keycloak is, and as whom to change it. */
export interface Target {
  /** `https://keycloak.roost.svc:8443` */
  readonly url: string;
  /** Account that exists in a new Keycloak only, until this program has made its own. */
  readonly bootstrap: { readonly clientId: string };
  /** Administrator of Keycloak for emergencies. */
  readonly administrator: { readonly username: string };
  /** What is ours of the realm `master`, set when Keycloak is new: nobody signs in there but for emergencies. */
  readonly master: RealmRepresentation;
}

/** Files of the folder with secrets. */
export const secretFiles = {
  reconciler: "reconciler-secret",
  bootstrap: "bootstrap-secret",
  administrator: "administrator-password",
  bind: "bind-password",
} as const;
