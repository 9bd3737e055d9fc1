import type { ObjectResource, Resource } from "../pack/resource.ts";
import { namespaceOf, ofKind } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

export const ownOwner = stackRule({
  id: "postgres-own-owner",
  title: "Every database belongs to a role of its own",
  why: "A role that owns two databases carries an intrusion from one application into the other. One that belongs to the superuser makes its application ask for the superuser's rights.",
  fix: "Make a role for each database in `managed.roles`, and name it as the `owner`.",
  severity: "high",
  controls: { iso: ["A.5.16", "A.8.3"], gbt: ["8.1.4.2 c)"] },
  appliesTo: (stack) => ofKind(stack, "Cluster").length + ofKind(stack, "Database").length > 0,
  check(stack, report) {
    const owned = new Map<string, string>();
    each(databasesOf(stack), ({ resource, cluster, database, owner }) => {
      if (owner === "postgres") report(`database "${database}" belongs to the superuser`, resource);
      const role = `${cluster} ${owner}`;
      const other = owned.get(role);
      owned.set(role, other ?? database);
      if (other !== undefined && other !== database) {
        report(`database "${database}" belongs to "${owner}", as "${other}" does`, resource);
      }
    });
  },
});

interface OwnedDatabase {
  readonly resource: ObjectResource;
  /** With its namespace. */
  readonly cluster: string;
  readonly database: string;
  readonly owner: string;
}

function databasesOf(stack: readonly Resource[]): readonly OwnedDatabase[] {
  const first = ofKind(stack, "Cluster").map((resource) => {
    const { database = "app", owner = database } = resource.props.spec?.bootstrap?.initdb ?? {};
    return { resource, cluster: `${namespaceOf(resource)}/${resource.props.metadata?.name}`, database, owner };
  });
  const others = ofKind(stack, "Database").map((resource) => {
    const { name: database = resource.name, owner = "", cluster } = resource.props.spec ?? {};
    return { resource, cluster: `${namespaceOf(resource)}/${cluster?.name}`, database, owner };
  });
  return [...first, ...others];
}
