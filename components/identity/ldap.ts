import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";

/** How a directory names things; each has its own attributes. */
export type DirectorySchema = "openldap" | "activeDirectory" | "freeipa";

/** Programs that read the directory; an embedded one has an account for each, which may read and nothing else. */
export type DirectoryReader = "keycloak" | "directory-sync";

/** What a client needs to read a directory, over TLS with verification. */
export interface DirectoryConnection {
  /** One for each server, in the order in which they are tried: `ldaps://directory.roost.svc:6636`. */
  readonly urls: readonly string[];
  readonly bindDn: string;
  /** A secret. */
  readonly bindPassword: pulumi.Output<string>;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the servers. @default public authorities */
  readonly caConfigMap?: string;
  readonly schema: DirectorySchema;
  /** Entry below which all people are. */
  readonly peopleDn: string;
  /** Entry below which all groups are. */
  readonly groupsDn: string;
  /** Further condition on people, as an LDAP filter. @default all of them */
  readonly peopleFilter?: string;
  /** Entries that a page of an answer holds. */
  readonly pageSize: number;
  /** Whether members of a group's groups are its members. */
  readonly nestedGroups: boolean;
}

/** The organisation's people and groups, whoever keeps them. What uses it depends on it (`dependsOn: directory`). */
export type Directory = pulumi.Resource & {
  /** Lets the client read: the rules of the network, an account, and the authority's certificate. */
  connect(client: Peer, account: DirectoryReader): DirectoryConnection;
};
