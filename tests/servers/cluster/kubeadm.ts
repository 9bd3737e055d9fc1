/** The kubeadm that machines get from their package source, built from its Go module. */
import { join, resolve } from "node:path";
import { artifact, contentHash } from "../../../bootstrap/artifact.ts";
import { goBuild } from "../../../bootstrap/go.ts";

/** Version of Kubernetes, the same as the embedded cluster's, whose packages are compiled already. */
export const KUBERNETES_VERSION = "1.34.2";

/** @returns the program */
export async function kubeadm(): Promise<string> {
  const module = resolve("tests/servers/cluster/go");
  const [major, minor] = KUBERNETES_VERSION.split(".");
  const values = { gitVersion: `v${KUBERNETES_VERSION}`, gitMajor: major, gitMinor: minor };
  const ldflags = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  const folder = await artifact("kubeadm", `${KUBERNETES_VERSION}-${contentHash(module)}`, (made) =>
    goBuild(module, { kubeadm: { package: "k8s.io/kubernetes/cmd/kubeadm", ldflags: ldflags.join(" ") } }, made),
  );
  return join(folder, "kubeadm");
}
