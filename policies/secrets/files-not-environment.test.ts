import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { web, webPath } from "../workloads/testing.ts";
import { filesNotEnvironment } from "./files-not-environment.ts";

const fromSecret = web({
  env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "pg", key: "password" } } }],
});

describe("secrets-files-not-environment", () => {
  itJudges(filesNotEnvironment, {
    passes: {
      "no variables": web({}),
      "variables of no secret": web({
        env: [
          { name: "A", value: "1" },
          { name: "B", valueFrom: {} },
        ],
        envFrom: [{}],
      }),
      "a volume": web({}, { volumes: [{ name: "secrets", secret: { secretName: "pg" } }] }),
    },
    fails: {
      "a variable": [fromSecret, 'container "web" sets DB_PASSWORD from the Secret "pg"'],
      "all keys of a Secret": [
        web({ envFrom: [{ secretRef: { name: "pg" } }] }),
        'sets variables from the Secret "pg"',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "a source that is not known": withUnknown(fromSecret, `${webPath}.env.0.valueFrom`) },
  });
});
