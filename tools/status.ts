/**
 * What there is of a stack's environment, by its settings: `node tools/status.ts --stack dev`. It needs neither engine nor
 * passphrase, and changes nothing.
 *
 * Exit codes: 0 when all parts are ready; 1 when they are not, and the text says what to run; 2 when it cannot be told,
 * because the settings are wrong or the cluster does not answer.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { dataFolder, run } from "../bootstrap/artifact.ts";
import { ownerOf } from "../bootstrap/cluster/host-processes.ts";
import { site } from "../bootstrap/cluster/site.ts";
import { addressesOf } from "../components/im/matrix/args.ts";
import type { Environment } from "../environment/index.ts";
import { planOf, publicPort } from "../environment/index.ts";
import { kubectlOptions } from "./kubectl-options.ts";
import { explained, stackEnvironment } from "./stack-settings.ts";
import type { Found, Pod } from "./status-text.ts";
import { statusOf } from "./status-text.ts";

const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });
const makeUp = values.stack === "dev" ? "`make up`" : `\`make up STACK=${values.stack}\``;
const here = site(dataFolder, process.env.ROOST_NETWORK);

try {
  process.exitCode = await tell(stackEnvironment(values.stack));
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 2;
}

/** Prints it. @returns the exit code */
async function tell(environment: Environment): Promise<number> {
  if (environment.cluster.kind === "embedded") {
    if (!existsSync(here.kubeconfig)) {
      console.log(`Nothing is there yet. ${makeUp} starts a cluster on this machine, and the environment in it.`);
      return 1;
    }
    if (Object.keys(here.nodes).some((name) => ownerOf(here, name) !== here.folder)) {
      console.log(`The embedded cluster is stopped; its data is there. ${makeUp} starts it.`);
      return 1;
    }
  }
  const options = kubectlOptions(environment.cluster);
  const found = await find(options).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
  });
  if (found === undefined) return 2;
  const { url, webUrl } = addressesOf({ settings: environment.im, publicPort: publicPort(environment.edge) });
  const addresses = { "web client": webUrl, homeserver: url };
  const { state, text } = statusOf(environment, planOf(environment), found, addresses);
  console.log(text);
  if (state === "ready") return 0;
  const describe = ["bootstrap/run kubectl", ...options, "describe pods --namespace", environment.namespace].join(" ");
  if (state === "not ready") console.log(`\nWhy a pod waits: ${describe}`);
  console.log(`${makeUp} brings it to what the settings say.`);
  return 1;
}

async function find(options: readonly string[]): Promise<Found> {
  const ask = (...words: string[]) => run("kubectl", [...options, "--request-timeout=10s", ...words, "--output=json"]);
  const [version, list] = await Promise.all([ask("version"), ask("get", "pods", "--all-namespaces")]);
  const { serverVersion }: { readonly serverVersion: { readonly gitVersion: string } } = JSON.parse(version);
  const { items }: { readonly items: readonly Pod[] } = JSON.parse(list);
  return { kubernetesVersion: serverVersion.gitVersion, pods: items };
}
