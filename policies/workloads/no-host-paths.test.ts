import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noHostPaths } from "./no-host-paths.ts";
import { podPath, web } from "./testing.ts";

const logs = "/var/log/pods";

/** What a collector of logs mounts. */
const collector = (kind: "DaemonSet" | "StatefulSet", path: string, readOnly?: boolean) => {
  const containers = [{ name: "collector", volumeMounts: [{ name: "node", ...(readOnly && { readOnly }) }] }];
  const spec = { containers, volumes: [{ name: "node", hostPath: { path } }] };
  return object(kind, { metadata: { name: "collector" }, spec: { template: { spec } } });
};

const folder = (path: string) => ({ name: path, hostPath: { path } });

describe("workloads-no-host-paths", () => {
  itJudges(noHostPaths, {
    passes: {
      "other volumes": web({}, { volumes: [{ name: "scratch", emptyDir: {} }] }),
      "no volumes": web({}),
      "logs of the node, for a DaemonSet that reads them": collector("DaemonSet", logs, true),
      "a PersistentVolume elsewhere": object("PersistentVolume", { spec: {} }),
    },
    fails: {
      "each folder of the node": [
        web({}, { volumes: [folder("/var/run"), { name: "scratch" }, folder("/")] }),
        'volume "/var/run" is "/var/run" of the node',
        'volume "/" is "/" of the node',
      ],
      "logs of the node, where they can be written": [collector("DaemonSet", logs), `volume "node" is "${logs}"`],
      "logs of the node, for others than DaemonSets": [
        collector("StatefulSet", logs, true),
        `volume "node" is "${logs}"`,
      ],
      "more of the node than its logs": [collector("DaemonSet", "/var/log", true), 'volume "node" is "/var/log"'],
      "a PersistentVolume that is one": [
        object("PersistentVolume", { metadata: { name: "data" }, spec: { hostPath: { path: "/srv" } } }),
        'volume "data" is "/srv" of the node',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a volume that is not known": withUnknown(web({}, { volumes: [folder("/")] }), `${podPath}.volumes.0.hostPath`),
    },
  });

  describe("with folders that are allowed", () => {
    itJudges(noHostPaths, {
      settings: { allowed: ["/dev/dri/"] },
      passes: {
        "the folder itself": web({}, { volumes: [folder("/dev/dri")] }),
        "what is below it": web({}, { volumes: [folder("/dev/dri/card0")] }),
      },
      fails: {
        "what is above it": [web({}, { volumes: [folder("/dev")] }), "/dev"],
        "a name that begins alike": [web({}, { volumes: [folder("/dev/drive")] }), "/dev/drive"],
        "a way out of it": [web({}, { volumes: [folder("/dev/dri/../sda")] }), "/dev/dri/../sda"],
      },
      ignores: {},
    });
  });
});
