import { describe } from "@jest/globals";
import { stringify } from "yaml";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { verifyDatabases } from "./verify-databases.ts";

const metadata = { name: "synapse", namespace: "chat" };
const settings = "server_name: example.org\nreport_stats: false\n";

/** Synapse with its settings in a ConfigMap, and those of its database in a Secret. */
function synapse(database: object, also = "") {
  const container = {
    name: "synapse",
    args: ["-c", "/config/homeserver.yaml", "-c", "/secrets/secrets.yaml"],
    volumeMounts: [
      { name: "config", mountPath: "/config" },
      { name: "secrets", mountPath: "/secrets" },
    ],
  };
  const volumes = [
    { name: "config", configMap: { name: "synapse" } },
    { name: "secrets", secret: { secretName: "synapse" } },
  ];
  return [
    deployment({ containers: [container], volumes }, metadata),
    object("ConfigMap", { metadata, data: { "homeserver.yaml": settings + also } }),
    secret(database),
  ];
}

function secret(database: object) {
  return object("Secret", { metadata, stringData: { "secrets.yaml": stringify(database) } });
}

const postgres = (args: object) => ({ name: "psycopg2", args });
const withUrl = (value: string, ...env: readonly { readonly name: string; readonly value: string }[]) => [
  deployment({ containers: [{ name: "mas", env: [{ name: "DATABASE_URL", value }, ...env] }] }),
];

describe("tls-verify-databases", () => {
  describe("by Synapse", () => {
    itJudges(verifyDatabases, {
      passes: {
        "a database that is verified": synapse({ database: postgres({ host: "pg", sslmode: "verify-full" }) }),
        "a socket": synapse({ database: postgres({ host: "/run/postgresql" }) }),
        "a file": synapse({ database: { name: "sqlite3", args: { database: "/data/db" } } }),
        "a setting that replaces another": synapse(
          { database: postgres({ host: "pg", sslmode: "verify-full" }) },
          stringify({ database: postgres({ host: "pg" }) }),
        ),
      },
      fails: {
        "a database without a word about it": [
          synapse({ database: postgres({ host: "pg" }) }),
          "Synapse connects to pg with sslmode prefer",
        ],
        "a certificate of anybody": [
          synapse({ database: postgres({ host: "pg", sslmode: "require" }) }),
          "with sslmode require",
        ],
        "one of several databases": [
          synapse({
            databases: {
              main: postgres({ host: "pg", sslmode: "verify-full" }),
              state: postgres({ host: "pg2", sslmode: "verify-ca" }),
            },
          }),
          "connects to pg2 with sslmode verify-ca",
        ],
      },
      ignores: { "a stack without Synapse": [secret({}), deployment({ containers: [{ name: "web" }] })] },
      undecided: {
        "a Secret that is not known": [
          ...synapse({}).slice(0, 2),
          withUnknown(secret({}), ["stringData", "secrets.yaml"]),
        ],
      },
    });
  });

  describe("by URL", () => {
    itJudges(verifyDatabases, {
      passes: {
        "a database that is verified": withUrl("postgresql://mas@pg:5432/mas?application_name=a&sslmode=verify-full"),
        "a database that another variable has verified": withUrl("postgres://pg/mas", {
          name: "PGSSLMODE",
          value: "verify-full",
        }),
        "a database within the pod": withUrl("jdbc:postgresql://localhost/mas"),
        "a socket": withUrl("postgresql:///mas"),
      },
      fails: {
        "a database that is not": [
          withUrl("postgresql://mas:p@pg.chat.svc:5432/mas"),
          'container "mas" (DATABASE_URL) connects to pg.chat.svc with sslmode prefer',
        ],
        "plain text": [withUrl("postgresql+asyncpg://[fd00::1]/mas?sslmode=disable"), "[fd00::1] with sslmode disable"],
      },
      ignores: { "a URL of something else": withUrl("https://pg.example.org/postgresql://") },
    });
  });
});
