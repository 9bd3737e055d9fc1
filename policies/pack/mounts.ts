/** What lies where in a container. */
import { type ConfigurationFile, fileIn, filesOf } from "./configuration/files.ts";
import type { Container, Volume } from "./kubernetes.ts";
import type { Pods } from "./pods.ts";
import { isKind, namespaceOf, type Resource } from "./resource.ts";

export interface Mounted {
  readonly volume: Volume;
  /** The rest of the path, within the volume; empty where the path is that of the mount. */
  readonly path: string;
}

/** The volume that a path of the container lies on: of those whose mounts cover it, the innermost. */
export function mountedAt(path: string, { volumeMounts = [] }: Container, pods: Pods): Mounted | undefined {
  const { spec } = pods;
  const covering = volumeMounts
    .map((mount) => ({ ...mount, mountPath: (mount.mountPath ?? "").replace(/\/+$/, "") }))
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
  const [innermost] = covering.toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  const volume = [...(spec.volumes ?? []), ...claimedVolumes(pods)].find(({ name }) => name === innermost?.name);
  if (innermost === undefined || volume === undefined) return undefined;
  const rest = path.slice(innermost.mountPath.length + 1);
  return { volume, path: [innermost.subPath, rest].filter((part) => part !== undefined && part !== "").join("/") };
}

/** The volumes that a StatefulSet claims for each of its pods. */
function claimedVolumes({ resource }: Pods): readonly Volume[] {
  if (!isKind(resource, "StatefulSet")) return [];
  return (resource.props.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata }) =>
    metadata?.name === undefined ? [] : [{ name: metadata.name, persistentVolumeClaim: {} }],
  );
}

/**
 * The files of the stack's ConfigMaps and Secrets that lie at a path of the container, or in it where it is a folder. Where
 * it is not known which files a Secret has, it is taken to have those that are asked for.
 */
export function filesAt(
  path: string,
  container: Container,
  pods: Pods,
  stack: readonly Resource[],
): readonly ConfigurationFile[] {
  const mounted = mountedAt(path, container, pods);
  if (mounted === undefined) return [];
  const { configMap, secret } = mounted.volume;
  const items = configMap?.items ?? secret?.items;
  const sources = stack.filter(
    (resource) =>
      (isKind(resource, "ConfigMap") && isCalled(resource, configMap?.name, pods)) ||
      (isKind(resource, "Secret") && isCalled(resource, secret?.secretName, pods)),
  );
  if (mounted.path !== "") {
    const key = items === undefined ? mounted.path : items.find((item) => item.path === mounted.path)?.key;
    return key === undefined ? [] : sources.flatMap((source) => fileIn(source, key) ?? []);
  }
  return sources.flatMap(filesOf).filter(({ name }) => items === undefined || items.some(({ key }) => key === name));
}

function isCalled(
  { props }: Resource & { readonly props: { readonly metadata?: { readonly name?: string } } },
  name: string | undefined,
  { namespace }: Pods,
): boolean {
  return name !== undefined && props.metadata?.name === name && namespaceOf({ props }) === namespace;
}
