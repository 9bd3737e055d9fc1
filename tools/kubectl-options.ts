import { dataFolder } from "../bootstrap/artifact.ts";
import { site } from "../bootstrap/cluster/site.ts";
import type { ClusterTarget } from "../environment/index.ts";

/** Options by which kubectl finds a stack's cluster, from the stack's settings alone. */
export function kubectlOptions({ kind, kubeconfigPath, context }: ClusterTarget): string[] {
  const kubeconfig = kind === "embedded" ? site(dataFolder, process.env.ROOST_NETWORK).kubeconfig : kubeconfigPath;
  return [
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    ...(context === undefined ? [] : ["--context", context]),
  ];
}
