import type { SecondFactor } from "./realm/flows.ts";

/** What an operator may say about Keycloak. */
export interface KeycloakSettings {
  /** Host name of the pages on which people sign in. */
  readonly host: string;
  /** Who must have a second factor. */
  readonly secondFactor: SecondFactor;
  readonly sessions: {
    /** After how long without use a session ends, in minutes. */
    readonly idleMinutes: number;
    /** After how long it ends in any case, in hours. */
    readonly maxHours: number;
  };
  readonly lockout: {
    /** Wrong passwords in a row after which an account is locked. */
    readonly failures: number;
    /** For how long, in minutes. */
    readonly minutes: number;
  };
}

/** What Keycloak gets. */
export interface Sizing {
  /** One, or two and more that share their sessions. */
  readonly replicas: number;
  /** Processors that each is guaranteed, in cores. */
  readonly cpus: number;
  /** Memory that each is guaranteed, and at which it is stopped, in MiB. */
  readonly memoryMiB: number;
  /** Connections of each to its database. */
  readonly connections: { readonly min: number; readonly max: number };
}
