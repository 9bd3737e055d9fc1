/** The way to a stack's archive, with the account of what writes it: whoever may not read that Secret may not read the archive. */
import { Agent } from "node:https";
import * as z from "zod";
import { storePlace } from "../../components/archive/index.ts";
import type { Environment } from "../../environment/index.ts";
import { Store } from "../../services/archive/store.ts";
import { kubectlOptions } from "../kubectl-options.ts";
import { outputOf } from "../output-of.ts";
import { throughTunnel } from "../tunnel.ts";

const place = z.object({
  endpoint: z.url(),
  region: z.string(),
  bucket: z.string(),
  pathStyle: z.boolean(),
  /** Secret with the keys. */
  account: z.string(),
  caConfigMap: z.string().optional(),
});
const keyFiles = z.object({ "access-key-id": z.string(), "secret-access-key": z.string() });

/** Asks the archive, for as long as that takes. @throws Error when the stack has none */
export async function askArchive<T>(
  { cluster, namespace }: Environment,
  question: (store: Store) => Promise<T>,
): Promise<T> {
  const where = [...kubectlOptions(cluster), "--namespace", namespace];
  const data = (kind: string, name: string): unknown => {
    const { data: all }: { data: unknown } = JSON.parse(
      outputOf("kubectl", [...where, "get", kind, name, "--output", "json"]),
    );
    return all;
  };
  const files = z.record(z.string(), z.string());
  const settings = files.parse(data("configmap", storePlace.configMap))[storePlace.file] ?? "";
  const { endpoint, caConfigMap, account, ...bucket } = place.parse(JSON.parse(settings));
  const encoded = keyFiles.parse(data("secret", account));
  const keys = {
    accessKeyId: plain(encoded["access-key-id"]),
    secretAccessKey: plain(encoded["secret-access-key"]),
  };
  const ca = caConfigMap === undefined ? undefined : files.parse(data("configmap", caConfigMap))["ca.crt"];
  const { hostname, port } = new URL(endpoint);
  const ask = async (url: string) => {
    const agent = new Agent({ keepAlive: true, servername: hostname, ...(ca !== undefined && { ca }) });
    const store = new Store({ ...bucket, ...keys, endpoint: url, agent });
    try {
      return await question(store);
    } finally {
      store.close();
    }
  };
  // A store of the environment's own is reached through the cluster alone.
  const [service = "", within] = hostname.split(".");
  if (within !== namespace || !hostname.endsWith(".svc")) return ask(endpoint);
  return throughTunnel(where, service, Number(port), (local) => ask(`https://127.0.0.1:${local}`));
}

/** What the homeserver's database answers, a line each. */
export function askDatabase({ cluster, namespace }: Environment, query: string): readonly string[] {
  const where = [...kubectlOptions(cluster), "--namespace", namespace];
  const primary = "cnpg.io/instanceRole=primary,cnpg.io/cluster=pg";
  const pod = outputOf("kubectl", [...where, "get", "pod", "--selector", primary, "--output", "name"]).trim();
  if (pod === "") throw new Error("No PostgreSQL leads now. Look with `make status`.");
  const psql = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", "synapse", "--command", query];
  const text = outputOf("kubectl", [...where, "exec", pod, "--container", "postgres", "--", ...psql]).trim();
  return text === "" ? [] : text.split("\n");
}

function plain(encoded: string): string {
  return Buffer.from(encoded, "base64").toString();
}
