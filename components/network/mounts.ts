import type { Mount } from "./workload-spec.ts";

/** Mounts a ConfigMap of the pod's namespace. @param name of the volume in the pod */
export function configMapMount(name: string, path: string, configMapName: string): Mount {
  return { name, path, source: { kind: "configMap", configMapName } };
}

/** Mounts a Secret of the pod's namespace. @param name of the volume in the pod @param files of the Secret. @default all */
export function secretMount(name: string, path: string, secretName: string, files?: readonly string[]): Mount {
  const items = files && Object.fromEntries(files.map((file) => [file, file]));
  return { name, path, source: { kind: "secret", secretName, ...(items && { items }) } };
}
