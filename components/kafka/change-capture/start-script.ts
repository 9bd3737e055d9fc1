import { exporterFile, prepareExporter } from "../exporter.ts";
import { nodeHost } from "../names.ts";
import { stores } from "./config.ts";
import { objects, paths, ports } from "./names.ts";

export interface StartArgs {
  readonly namespace: string;
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
}

/** Files of a worker's ConfigMap. */
export const files = { start: "start.sh", worker: "worker.properties", logging: "log4j2.properties" } as const;

/** Host name of a worker's pod. */
export function workerHost(namespace: string, ordinal: number): string {
  return nodeHost(objects.worker, namespace, ordinal);
}

/** What a worker does when it starts: it adds to its configuration what is its own. `HOSTNAME` says which of them it is. */
export function startScript({ namespace, heapMiB }: StartArgs): string {
  const { configuration, tls, work } = paths;
  return `set -eu
# Debezium's own image has Kafka elsewhere.
for home in /opt/kafka /kafka; do [ ! -d $home/libs ] || break; done
${prepareExporter(paths, "$home/libs")}
PASSWORD=$password openssl pkcs12 -export -name kafka -in ${tls}/tls.crt -inkey ${tls}/tls.key -out ${stores.key} -passout env:PASSWORD
PASSWORD=$password openssl pkcs12 -export -nokeys -in ${tls}/ca.crt -jdktrust anyExtendedKeyUsage -out ${stores.trust} -passout env:PASSWORD
{
  cat ${configuration}/${files.worker}
  echo "plugin.path=$home/connect"
  echo "rest.advertised.host.name=$HOSTNAME.${objects.worker}.${namespace}.svc"
  for store in key trust; do echo "listeners.https.ssl.\${store}store.password=$password"; done
} >${work}/${files.worker}

exec java -Xms${heapMiB}m -Xmx${heapMiB}m -XX:+ExitOnOutOfMemoryError \\
  -Djava.awt.headless=true -Dlog4j2.configurationFile=${configuration}/${files.logging} \\
  -javaagent:$exporter=${ports.metrics}:${work}/${exporterFile} \\
  -cp "$home/libs/*" org.apache.kafka.connect.cli.ConnectDistributed ${work}/${files.worker}
`;
}
