import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noHostPaths } from "./no-host-paths.ts";
import { podPath, web } from "./testing.ts";

const folder = (path: string) => ({ name: path, hostPath: { path } });

describe("workloads-no-host-paths", () => {
  itJudges(noHostPaths, {
    passes: {
      "other volumes": web({}, { volumes: [{ name: "scratch", emptyDir: {} }] }),
      "no volumes": web({}),
      "a PersistentVolume elsewhere": object("PersistentVolume", { spec: {} }),
    },
    fails: {
      "each folder of the node": [
        web({}, { volumes: [folder("/var/run"), { name: "scratch" }, folder("/")] }),
        'volume "/var/run" is "/var/run" of the node',
        'volume "/" is "/" of the node',
      ],
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
