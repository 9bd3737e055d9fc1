import { describe, expect, it } from "@jest/globals";
import { parseEnvironment, planOf, readSettings } from "../environment/index.ts";
import type { Pod } from "./status-text.ts";
import { statusOf } from "./status-text.ts";

const environment = parseEnvironment(readSettings({ "roost:domain": "roost.test" }));
const watching = [
  ...["prometheus", "alertmanager", "kube-state-metrics", "probe", "blackbox-exporter", "node-exporter"],
  ...["loki", "log-collector"],
];
const parts = ["postgresql", "synapse", "web", "edge", ...watching];
const operator = pod("cloudnative-pg", { namespace: "cnpg-system" });

describe("the status of an environment", () => {
  it("is ready when every part has its pods", () => {
    const { state, text } = status([operator, ...parts.map((part) => pod(part))]);
    expect(state).toBe("ready");
    expect(text).toContain("The environment is ready.");
    expect(text).toContain("cluster     embedded, Kubernetes v1.34.2, namespace roost\n");
    expect(text).toContain("web client  https://chat.roost.test\n");
    expect(text).toMatch(/^synapse-0 +ready +0 +synapse:1\.2$/m);
  });

  it("says which part lacks what, and why a pod waits", () => {
    const { state, text } = status([
      operator,
      pod("postgresql"),
      pod("synapse", { waiting: "ImagePullBackOff" }),
      pod("web"),
      ...watching.map((part) => pod(part)),
    ]);
    expect(state).toBe("not ready");
    expect(text).toContain("The environment is not ready: synapse (0 of 1), edge (0 of 1).");
    expect(text).toMatch(/^synapse-0 +ImagePullBackOff/m);
  });

  it("looks for what collects logs in its own namespace", () => {
    const collector = pod("log-collector", { namespace: "roost-logs" });
    const rest = parts.filter((part) => part !== "log-collector").map((part) => pod(part));
    expect(status([operator, ...rest, collector]).state).toBe("ready");
    expect(status([operator, ...rest]).text).toContain("not ready: log-collector (0 of 1).");
  });

  it("leaves out pods that have done their work, and those of others", () => {
    const others = [pod("done", { phase: "Succeeded" }), pod("foreign", { namespace: "elsewhere" })];
    const { text } = status([operator, ...parts.map((part) => pod(part)), ...others]);
    expect(text).not.toMatch(/done|foreign/);
  });

  it("says that nothing is there when there is but another environment and its operator", () => {
    const { state, text } = status([operator, pod("synapse", { namespace: "elsewhere" })]);
    expect(state).toBe("absent");
    expect(text).toBe("Nothing of the environment is in the cluster (embedded, Kubernetes v1.34.2, namespace roost).");
  });
});

function status(pods: readonly Pod[]) {
  const addresses = { "web client": "https://chat.roost.test", homeserver: "https://matrix.roost.test" };
  return statusOf(environment, planOf(environment), { kubernetesVersion: "v1.34.2", pods }, addresses);
}

interface PodOptions {
  readonly namespace?: string;
  readonly phase?: string;
  /** Why its container does not run. @default it runs, and is ready */
  readonly waiting?: string;
}

function pod(part: string, { namespace = "roost", phase = "Running", waiting }: PodOptions = {}): Pod {
  return {
    metadata: { name: `${part}-0`, namespace, labels: { "app.kubernetes.io/name": part } },
    spec: { containers: [{ image: `registry.roost.test/${part}:1.2@sha256:${"0".repeat(64)}` }] },
    status: {
      phase,
      conditions: [{ type: "Ready", status: waiting === undefined && phase === "Running" ? "True" : "False" }],
      containerStatuses: [
        { restartCount: 0, ...(waiting !== undefined && { state: { waiting: { reason: waiting } } }) },
      ],
    },
  };
}
