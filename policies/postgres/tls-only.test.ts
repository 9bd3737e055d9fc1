import { describe } from "@jest/globals";
import { clusterSpec } from "../../components/postgres/spec.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { cluster } from "./testing.ts";
import { tlsOnly } from "./tls-only.ts";

const hba = (...pg_hba: readonly string[]) => cluster({ postgresql: { pg_hba } });
const own = "hostssl synapse synapse all scram-sha-256";
const reject = "hostnossl all all all reject";
const { postgresql } = clusterSpec({
  namespace: "chat",
  image: `registry.example.org/postgres:17@sha256:${"0".repeat(64)}`,
  instances: 1,
  databases: ["synapse"],
  cpus: 1,
  memoryMiB: 1024,
  storageGiB: 10,
  parameters: {},
  certificates: { server: "pg-server", replication: "pg-replication" },
});

describe("postgres-tls-only", () => {
  itJudges(tlsOnly, {
    passes: {
      "what this project deploys": hba(...(postgresql?.pg_hba ?? [])),
      "TLS, and no plain text": hba("# synapse alone", own, reject),
      "a plain line that is never reached": hba(own, reject, "host all all all scram-sha-256"),
      "a refusal of everybody else": hba(own, "host all all all reject"),
      "clients with certificates, and local ones": hba("local all all peer", "hostssl all admin all cert", reject),
      "what is refused with another method": hba("host old all 10.0.0.0 255.0.0.0 reject", own, reject),
    },
    fails: {
      "nothing said": [cluster({}), "pg_hba rejects no connections without TLS"],
      "TLS, and what the operator lets in": [hba(own), "rejects no connections without TLS"],
      "a refusal of some": [hba(own, "hostnossl all all 10.0.0.0/8 reject"), "rejects no connections without TLS"],
      "a plain line before the refusal": [
        hba("host all all 10.0.0.0/8 scram-sha-256", reject),
        'pg_hba has "host all all 10.0.0.0/8 scram-sha-256", which holds without TLS too',
      ],
      "trust, in plain text": [
        hba("host all all 10.0.0.0/8 trust", own, reject),
        "which lets in whoever comes",
        "which holds without TLS too",
      ],
      "weak methods over TLS, each with its reason": [
        hba("hostssl a a all md5", "hostssl b b 10.0.0.0 255.0.0.0 password", 'hostssl "c d" c ::1/128 ident', reject),
        "takes a hash",
        "passwords sent as they are",
        "believes what the client's machine says",
      ],
      "trust among the server's own users": [hba("local all all trust", reject), "lets in whoever comes"],
      "lines of another file": [hba("include_if_exists extra.conf", reject), "whose lines cannot be seen here"],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "a line that is not known": withUnknown(hba(own, reject), "spec.postgresql.pg_hba.0") },
  });
});
