import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { podPath, web } from "./testing.ts";
import { volumeTypes } from "./volume-types.ts";

const nfs = { nfs: { server: "files", path: "/" } };
const gitRepo = { gitRepo: { repository: "https://git.example.org/site" } };

describe("workloads-volume-types", () => {
  itJudges(volumeTypes, {
    passes: {
      "volumes of the restricted types": web(
        {},
        {
          volumes: [
            { name: "a", configMap: {} },
            { name: "b", secret: {} },
            { name: "c", emptyDir: {} },
            { name: "d", persistentVolumeClaim: {} },
            { name: "e", projected: {} },
            { name: "f", image: {} },
            { name: "g" },
          ],
        },
      ),
      "folders of the node, which have a rule of their own": web({}, { volumes: [{ name: "a", hostPath: {} }] }),
      "no volumes": web({}),
    },
    fails: {
      "each other type": [
        web({}, { volumes: [{ name: "a", ...nfs }, { name: "b" }, { name: "c", ...gitRepo }] }),
        'volume "a" is of type nfs',
        'volume "c" is of type gitRepo',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "volumes that are not known": withUnknown(web({}, { volumes: [] }), `${podPath}.volumes`),
    },
  });
});
