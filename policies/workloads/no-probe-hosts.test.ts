import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noProbeHosts } from "./no-probe-hosts.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-no-probe-hosts", () => {
  itJudges(noProbeHosts, {
    passes: {
      "probes of the pod itself": web({
        readinessProbe: { httpGet: { path: "/", port: 80 } },
        livenessProbe: { tcpSocket: { host: "", port: 80 } },
        lifecycle: { preStop: { exec: {} } },
      }),
      "no probes": web({}),
    },
    fails: {
      "probes of other hosts, each": [
        web({
          startupProbe: { httpGet: { host: "10.0.0.1" } },
          readinessProbe: { tcpSocket: { host: "10.0.0.2" } },
          livenessProbe: { httpGet: { host: "localhost" } },
        }),
        'container "web" has a startupProbe that asks 10.0.0.1',
        "readinessProbe that asks 10.0.0.2",
        "livenessProbe that asks localhost",
      ],
      "hooks to other hosts": [
        web({ lifecycle: { postStart: { httpGet: { host: "a" } }, preStop: { tcpSocket: { host: "b" } } } }),
        "postStart hook that asks a",
        "preStop hook that asks b",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a host that is not known": withUnknown(
        web({ livenessProbe: { httpGet: { host: "" } } }),
        `${webPath}.livenessProbe.httpGet.host`,
      ),
    },
  });
});
