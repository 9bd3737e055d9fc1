import { exporterFile, prepareExporter } from "./exporter.ts";
import type { NodeRole } from "./names.ts";
import { controllerIds, objects, paths, ports } from "./names.ts";

export interface StartArgs {
  readonly role: NodeRole;
  readonly namespace: string;
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
}

/** Files of a node's ConfigMap. */
export const files = {
  start: "start.sh",
  server: "server.properties",
  client: "client.properties",
  logging: "log4j2.properties",
  metrics: exporterFile,
} as const;

/** File of the Secret with the cluster's id. It is none, but looks like a key, which rules find in ConfigMaps. */
export const clusterIdFile = "cluster-id";

/**
 * What a node does when it starts: it adds to its configuration what is its own, formats its volume when that is empty, and never
 * touches one of another cluster. `HOSTNAME` says which of the nodes it is, `ZONE` and `NODE` where.
 */
export function startScript({ role, namespace, heapMiB }: StartArgs): string {
  const workload = role === "controller" ? objects.controller : objects.broker;
  const advertised = `CLIENT://$host:${ports.client},BROKER://$host:${ports.broker}`;
  const { configuration, data, libraries, work } = paths;
  return `set -eu
number=\${HOSTNAME##*-}
host=$HOSTNAME.${workload}.${namespace}.svc
id=$(cat ${paths.cluster}/${clusterIdFile})
properties=${work}/${files.server}
{
  cat ${configuration}/${files.server}
  echo "node.id=$((${role === "controller" ? controllerIds : 0} + number))"${
    role === "controller"
      ? ""
      : `
  echo "advertised.listeners=${advertised}"
  # Where the cluster copies a node's zone to its pods, that; else each node of the cluster is a rack of its own.
  echo "broker.rack=\${ZONE:-$NODE}"`
  }
} >$properties

meta=${data}/data/meta.properties
if [ -f $meta ]; then
  grep -qxF "cluster.id=$id" $meta || {
    echo "The volume belongs to another Kafka cluster ($(grep '^cluster.id=' $meta)), not to $id. Nothing of it was touched: restore its own, or delete the claim if its data are not wanted." >&2
    exit 1
  }
  grep -qxF "node.id=$((${role === "controller" ? controllerIds : 0} + number))" $meta || {
    echo "The volume belongs to another node of this cluster ($(grep '^node.id=' $meta)). Nothing of it was touched: give each node its own." >&2
    exit 1
  }
else
  java -Xmx128m -Dlog4j2.configurationFile=${configuration}/${files.logging} -cp '${libraries}/*' kafka.tools.StorageTool \\
    format --cluster-id "$id" --config $properties
fi

${prepareExporter(paths, libraries)}exec java -Xms${heapMiB}m -Xmx${heapMiB}m -XX:+ExitOnOutOfMemoryError -XX:MaxGCPauseMillis=20 \\
  -Djava.awt.headless=true -Dlog4j2.configurationFile=${configuration}/${files.logging} \\
  -javaagent:$exporter=${ports.metrics}:${work}/${files.metrics} \\
  -cp '${libraries}/*' kafka.Kafka $properties
`;
}
