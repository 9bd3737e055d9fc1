/** The pods of a stack that NetworkPolicies are about: those of its workloads, and those that operators make for it. */
import type { Labels } from "../pack/kubernetes.ts";
import { containersOf, podsOf } from "../pack/pods.ts";
import { nameOf, namespaceOf, type ObjectResource, ofKind, type Resource } from "../pack/resource.ts";

/** Pods that are alike. */
export interface PodSet {
  readonly resource: ObjectResource;
  /** What messages call them. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly Port[];
}

export interface Port {
  readonly name?: string;
  readonly number: number;
  readonly protocol: string;
}

export function podSetsOf(stack: readonly Resource[]): readonly PodSet[] {
  return [...stack.flatMap(ofWorkload), ...ofKind(stack, "Cluster").flatMap(ofPostgres)];
}

function ofWorkload(resource: Resource): readonly PodSet[] {
  const pods = podsOf(resource);
  if (pods === undefined) return [];
  const { namespace, labels, spec } = pods;
  const ports = containersOf(spec).flatMap(({ ports = [] }) =>
    ports.map(({ name, containerPort, protocol = "TCP" }) => ({
      ...(name !== undefined && { name }),
      number: containerPort,
      protocol,
    })),
  );
  return [{ resource: pods.resource, name: nameOf(pods.resource), namespace, labels, ports }];
}

/**
 * CloudNativePG makes pods for instances, and for jobs that prepare them.
 *
 * @source https://cloudnative-pg.io/documentation/1.28/labels_annotations/
 */
function ofPostgres(cluster: ObjectResource): readonly PodSet[] {
  const { name = cluster.name } = cluster.props.metadata ?? {};
  const own = { "cnpg.io/cluster": name };
  const make = (what: string, labels: Labels, ports: readonly Port[]): PodSet => ({
    resource: cluster,
    name: `${nameOf(cluster)} ${what}`,
    namespace: namespaceOf(cluster),
    labels: { ...own, ...labels },
    ports,
  });
  const instance = (role: string) =>
    make(role, { "cnpg.io/podRole": "instance", "cnpg.io/instanceRole": role, role }, postgresPorts);
  const jobs = ["initdb", "join"].map((role) => make(`job ${role}`, { "cnpg.io/jobRole": role }, []));
  return [instance("primary"), instance("replica"), ...jobs];
}

const postgresPorts: readonly Port[] = [
  { name: "postgresql", number: 5432, protocol: "TCP" },
  { name: "status", number: 8000, protocol: "TCP" },
  { name: "metrics", number: 9187, protocol: "TCP" },
];
