import { describe } from "@jest/globals";
import type { PodSpec } from "../pack/kubernetes.ts";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { nodeLogs } from "./node-logs.ts";

const namespace = object("Namespace", { metadata: { name: "logs", labels: { "roost/node-agent": "logs" } } });

function collector(pod: PodSpec = {}, readOnly = true, name = "collector") {
  const volumes = [
    { name: "node", hostPath: { path: "/var/log/pods" } },
    { name: "data", emptyDir: {} },
  ];
  const volumeMounts = [
    { name: "node", mountPath: "/var/log/pods", readOnly },
    { name: "data", mountPath: "/data" },
  ];
  const spec = { volumes, containers: [{ name: "collector", volumeMounts }], ...pod };
  return object("DaemonSet", { metadata: { name, namespace: "logs" }, spec: { template: { spec } } });
}

describe("workloads-node-logs", () => {
  itJudges(nodeLogs, {
    passes: {
      "a namespace with a collector": [namespace, collector()],
      "one that is empty yet": [namespace],
      "other workloads in other namespaces": [namespace, collector(), deployment({ containers: [] })],
    },
    fails: {
      "a workload that reads no logs": [
        [namespace, collector({ volumes: [], containers: [{ name: "collector" }] })],
        'other things than reading logs in namespace "logs"',
      ],
      "a collector that may write": [[namespace, collector({}, false)], "other things"],
      "a collector with another folder": [
        [namespace, collector({ volumes: [{ name: "node", hostPath: { path: "/var/log" } }] })],
        "other things",
      ],
      "a collector on the node's network": [[namespace, collector({ hostNetwork: true })], "other things"],
      "two of them": [[namespace, collector(), collector({}, true, "other")], "2 workloads read the logs of nodes"],
    },
    ignores: { "a stack without such a namespace": [collector(), deployment({ containers: [] })] },
    undecided: {
      "volumes that are not known": [namespace, withUnknown(collector(), "spec.template.spec.volumes")],
    },
  });
});
