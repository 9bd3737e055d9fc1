import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { Check } from "../../../services/directory-check/check.ts";
import type { Peer, Zone } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, ForeignAuthority, hashOf, Workload } from "../../network/index.ts";
import type { Directory, DirectoryConnection, DirectorySchema } from "../ldap.ts";
import { checkWorkload, objects, peopleFilter, portsOf } from "./spec.ts";

export interface ExternalDirectorySettings {
  /** Servers, in the order in which they are tried: `ldaps://dc1.example.org:636`. */
  readonly urls: readonly string[];
  /** Where these are, in CIDR notation: clients are let out to them, and nowhere else. */
  readonly cidrs: readonly string[];
  readonly schema: DirectorySchema;
  readonly bindDn: string;
  /** A secret. */
  readonly bindPassword: string;
  /** The authority of the servers' certificates, in PEM. @default public authorities */
  readonly caPem?: string | undefined;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** Further condition on people, as an LDAP filter. @default none */
  readonly peopleFilter?: string | undefined;
  /** Entries that a page of an answer holds. */
  readonly pageSize: number;
  readonly nestedGroups: boolean;
}

export interface ExternalDirectoryArgs extends ExternalDirectorySettings {
  readonly zone: Zone;
  /** Image `node`, by digest. */
  readonly image: string;
}

/** The organisation's own directory, which is only read. It is asked when the stack is brought up, before anybody uses it. */
export class ExternalDirectory extends pulumi.ComponentResource implements Directory {
  private readonly args: ExternalDirectoryArgs;
  private readonly password: pulumi.Output<string>;
  private readonly servers: readonly Endpoint[];
  private readonly authority: ForeignAuthority;

  constructor(name: string, args: ExternalDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:identity:ExternalDirectory", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    this.password = pulumi.secret(args.bindPassword);
    this.authority = new ForeignAuthority("company-directory-ca", args.caPem, this);
    const server = { name: "company-directory", cidrs: args.cidrs };
    this.servers = portsOf(args.urls).map(
      (port) => new Endpoint(`${server.name}-${port}`, { server, port }, { parent: this }),
    );
    this.check();
    this.registerOutputs({});
  }

  connect(client: Peer): DirectoryConnection {
    for (const server of this.servers) server.connect(client, [this.args.zone]);
    const { urls, bindDn, schema, peopleDn, groupsDn, peopleFilter, pageSize, nestedGroups } = this.args;
    return {
      ...{ urls, bindDn, bindPassword: this.password, schema, peopleDn, groupsDn, pageSize, nestedGroups },
      ...this.authority.in(client.namespace),
      ...(peopleFilter !== undefined && { peopleFilter }),
    };
  }

  /** A Job whose failure stops the update, with the reason. */
  private check(): void {
    const { zone, image, urls, bindDn, peopleDn, groupsDn, schema } = this.args;
    const child = { parent: this };
    const peer = zone.peer(objects.check);
    const { caConfigMap } = this.connect(peer);
    const check: Check = {
      urls,
      bindDn,
      peopleDn,
      groupsDn,
      peopleFilter: peopleFilter(schema, this.args.peopleFilter),
    };
    const data = { "check.js.gz": packed("directory-check"), "check.json": JSON.stringify(check) };
    const dependsOn = [
      ...this.servers,
      createConfigMap(objects.check, zone.namespace, data, child),
      createSecret(objects.check, zone.namespace, { password: this.password }, child),
    ];
    const configHash = hashOf(JSON.stringify(data), this.password, this.args.caPem);
    const spec = checkWorkload({ peer, image, caConfigMap });
    new Workload(objects.check, { spec, configHash }, { ...child, dependsOn });
  }
}
