/** The way to the environment's own Prometheus. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../bootstrap/artifact.ts";
import type { Environment } from "../../environment/index.ts";
import { kubectlOptions } from "../kubectl-options.ts";
import { throughTunnel } from "../tunnel.ts";
import type { PrometheusSettings } from "./prometheus.ts";

const PORT = 9090;

/** Asks the Prometheus that was named, or the environment's own, for as long as that takes. */
export async function askPrometheus<T>(
  environment: Environment,
  { prometheus, ca }: { readonly prometheus?: string | undefined; readonly ca?: string | undefined },
  question: (settings: PrometheusSettings) => Promise<T>,
): Promise<T> {
  if (prometheus !== undefined) return question({ url: prometheus, ...(ca !== undefined && { caFile: ca }) });
  const folder = mkdtempSync(join(tmpdir(), "roost-prometheus-"));
  const { namespace } = environment;
  const where = [...kubectlOptions(environment.cluster), "--namespace", namespace];
  try {
    const caFile = join(folder, "ca.crt");
    const authority = ["get", "configmap", "roost-ca", "--output", "jsonpath={.data.ca\\.crt}"];
    writeFileSync(caFile, await run("kubectl", [...where, ...authority]));
    return await throughTunnel(where, "prometheus", PORT, (port) =>
      question({ url: `https://localhost:${port}`, caFile, serverName: `prometheus.${namespace}.svc` }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
