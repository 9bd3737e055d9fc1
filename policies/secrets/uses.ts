/** Which parts of a stack read which Secrets. */
import type { PodSpec, PostgresClusterSpec } from "../pack/kubernetes.ts";
import { containersOf, podsOf } from "../pack/pods.ts";
import { isKind, nameOf, namespaceOf, type ObjectResource, type Resource } from "../pack/resource.ts";

/** What reads Secrets: a workload, or a database cluster. */
export interface Part {
  readonly resource: ObjectResource;
  /** Workloads that run as the same service account are one and the same to Kubernetes, and here. */
  readonly identity: string;
  readonly namespace: string;
  readonly uses: readonly Use[];
}

export interface Use {
  /** The Secret's name. */
  readonly secret: string;
  /** Which of its keys; nothing where it is all of them. */
  readonly keys?: readonly string[];
}

export function partOf(resource: Resource): Part | undefined {
  const pods = podsOf(resource);
  if (pods !== undefined) {
    const account = pods.spec.serviceAccountName ?? "default";
    const identity = account === "default" ? resource.urn : `${pods.namespace}/${account}`;
    return { resource: pods.resource, identity, namespace: pods.namespace, uses: usesOfPods(pods.spec) };
  }
  if (!isKind(resource, "Cluster")) return undefined;
  const { spec = {} } = resource.props;
  return { resource, identity: nameOf(resource), namespace: namespaceOf(resource), uses: usesOfPostgres(spec) };
}

function usesOfPods(spec: PodSpec): readonly Use[] {
  const volumes = (spec.volumes ?? []).flatMap(({ secret, projected }) => [
    ...use(secret?.secretName, keysOf(secret?.items)),
    ...(projected?.sources ?? []).flatMap((source) => use(source.secret?.name, keysOf(source.secret?.items))),
  ]);
  const variables = containersOf(spec).flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom: { secretKeyRef } = {} }) =>
      use(secretKeyRef?.name, secretKeyRef?.key === undefined ? undefined : [secretKeyRef.key]),
    ),
    ...envFrom.flatMap(({ secretRef }) => use(secretRef?.name)),
  ]);
  return [...volumes, ...variables];
}

/** Passwords that the operator gives to roles, and keys of the instances. */
function usesOfPostgres({ bootstrap, certificates, managed, superuserSecret }: PostgresClusterSpec): readonly Use[] {
  const passwords = [
    bootstrap?.initdb?.secret?.name,
    superuserSecret?.name,
    ...(managed?.roles ?? []).map(({ passwordSecret }) => passwordSecret?.name),
  ];
  const keys = [certificates?.serverTLSSecret, certificates?.replicationTLSSecret];
  return [...passwords, ...keys].flatMap((name) => use(name));
}

function use(secret: string | undefined, keys?: readonly string[]): readonly Use[] {
  return secret === undefined ? [] : [{ secret, ...(keys && { keys }) }];
}

function keysOf(items: readonly { readonly key: string }[] | undefined): readonly string[] | undefined {
  return items?.map(({ key }) => key);
}
