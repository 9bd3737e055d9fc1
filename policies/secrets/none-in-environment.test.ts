import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { web, webPath } from "../workloads/testing.ts";
import { noneInEnvironment } from "./none-in-environment.ts";

const set = (name: string, value: string) => web({ env: [{ name, value }] });

describe("secrets-none-in-environment", () => {
  itJudges(noneInEnvironment, {
    passes: {
      "no variables": web({}),
      "settings that are no secrets": set("PYTHONUNBUFFERED", "1"),
      "the path of a file": set("DB_PASSWORD_FILE", "/secrets/password"),
      "what is taken from a Secret": web({
        env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "pg", key: "password" } } }],
      }),
      "a URL with another variable in it": set("DATABASE_URL", "postgresql://synapse:$(DB_PASSWORD)@pg:5432/synapse"),
      "an image by its digest": set("OPERATOR_IMAGE_NAME", `registry.example.org/operator@sha256:${"0a1b".repeat(16)}`),
    },
    fails: {
      "a password": [set("DB_PASSWORD", "hunter2"), 'container "web" sets DB_PASSWORD, which is a secret by its name'],
      "a password in a URL": [
        set("DATABASE_URL", "postgresql://synapse:hunter2hunter2@pg-rw:5432/synapse"),
        "sets DATABASE_URL, which has a password in a URL",
      ],
      "a token whose name says nothing": [
        set("X", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        "sets X, which has a token",
      ],
      "containers that prepare": [
        web({}, { initContainers: [{ name: "prepare", env: [{ name: "API_KEY", value: "hunter2" }] }] }),
        'container "prepare" sets API_KEY',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "a value that is not known": withUnknown(set("DB_PASSWORD", ""), `${webPath}.env.0.value`) },
  });
});
