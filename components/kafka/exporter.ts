/** Pure: how Java programs tell Prometheus of themselves, by the JMX exporter in them, over TLS. */

/** File with what the exporter is to do, in the ConfigMap, and as the start script completes it. */
export const exporterFile = "metrics.yaml";

export interface ExporterArgs {
  /** Folder of the ConfigMap. */
  readonly configuration: string;
  /** Folder with `tls.crt` and `tls.key`. */
  readonly tls: string;
  /** Folder that can be written. */
  readonly work: string;
}

/** What the exporter is to do. @param rules which values it shows, and how it calls them */
export function exporterConfiguration({ work }: Pick<ExporterArgs, "work">, rules: string): string {
  return `startDelaySeconds: 0
lowercaseOutputName: true
lowercaseOutputLabelNames: true
httpServer:
  ssl:
    keyStore:
      filename: ${storeFile(work)}
      @PASSWORD@
    certificate:
      alias: kafka
${rules}`;
}

/** Lines of a start script that make its key store, and `$exporter`, its program in `$libraries`. */
export function prepareExporter({ configuration, tls, work }: ExporterArgs, libraries: string): string {
  const store = storeFile(work);
  return `# The exporter reads its key from a key store, which has to have a password: one that nobody knows, new at each start.
umask 077
password=$(openssl rand -hex 24)
PASSWORD=$password openssl pkcs12 -export -name kafka -in ${tls}/tls.crt -inkey ${tls}/tls.key -out ${store} -passout env:PASSWORD
template=$(cat ${configuration}/${exporterFile})
printf '%s' "\${template%%@PASSWORD@*}password: $password\${template#*@PASSWORD@}" >${work}/${exporterFile}

for exporter in ${libraries}/jmx_prometheus_javaagent-*.jar; do :; done
`;
}

function storeFile(work: string): string {
  return `${work}/metrics.p12`;
}
