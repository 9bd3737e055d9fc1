import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noHostNamespaces } from "./no-host-namespaces.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-no-host-namespaces", () => {
  itJudges(noHostNamespaces, {
    passes: {
      "a pod that says nothing": web({}),
      "a pod that says no": web({}, { hostNetwork: false, hostPID: false, hostIPC: false }),
    },
    fails: {
      "the node's network": [web({}, { hostNetwork: true }), "asks for hostNetwork"],
      "the node's process ids": [web({}, { hostPID: true }), "asks for hostPID"],
      "the node's IPC": [web({}, { hostIPC: true }), "asks for hostIPC"],
      "all of them, each": [web({}, { hostNetwork: true, hostPID: true, hostIPC: true }), "Network", "PID", "IPC"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "a pod of which it is not known": withUnknown(web({}, { hostPID: true }), `${podPath}.hostPID`) },
  });
});
