import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { web, webPath } from "../workloads/testing.ts";
import { noneInArguments } from "./none-in-arguments.ts";

describe("secrets-none-in-arguments", () => {
  itJudges(noneInArguments, {
    passes: {
      "no arguments": web({}),
      "paths of files": web({ command: ["account"], args: ["--password", "/administrator/password", "--secret=/s/x"] }),
      "a switch that is called so": web({ args: ["--no-secrets-in-config", "--token", "--verbose"] }),
      "a script that reads a secret": web({
        command: ["/bin/sh", "-c", 'password=$(cat /secrets/x)\nrun "$password"'],
      }),
      "a probe": web({ readinessProbe: { httpGet: { path: "/", httpHeaders: [{ name: "Host", value: "a" }] } } }),
    },
    fails: {
      "an option with its value": [
        web({ args: ["run", "--admin-password=hunter2hunter2"] }),
        'container "web" has args[1], which has a value for "admin-password"',
      ],
      "an option, then its value": [
        web({ args: ["--token", "hunter2"] }),
        'container "web" has args[1], which is a value for --token',
      ],
      "a script with a secret in it": [
        web({ command: ["sh", "-c", "set -e\nPGPASSWORD=hunter2 psql\n"] }),
        'has command[2], which has a value for "PGPASSWORD" on line 2',
      ],
      "a probe that signs in": [
        web({ livenessProbe: { exec: { command: ["redis-cli", "-u", "redis://:hunter2@localhost"] } } }),
        "has livenessProbe[2], which has a password in a URL",
      ],
      "a header of a probe": [
        web({
          readinessProbe: {
            httpGet: { httpHeaders: [{ name: "Authorization", value: "Basic dXNlcjpwYXNzd29yZA==" }] },
          },
        }),
        "sends in readinessProbe the header Authorization, which is a secret by its name",
      ],
      "what is done before the end": [
        web({ lifecycle: { preStop: { exec: { command: ["leave", "--api-key=hunter2"] } } } }),
        "has preStop[1]",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "an argument that is not known": withUnknown(web({ args: [""] }), `${webPath}.args.0`) },
  });
});
