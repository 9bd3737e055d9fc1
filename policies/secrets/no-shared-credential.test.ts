import { describe } from "@jest/globals";
import type { Container, Volume } from "../pack/kubernetes.ts";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noSharedCredential } from "./no-shared-credential.ts";

const chat = { namespace: "chat" };
const password = object("Secret", { metadata: { ...chat, name: "pg" }, stringData: { username: "a", password: "b" } });
const certificate = object("Secret", {
  metadata: { ...chat, name: "tls" },
  stringData: { "tls.crt": "a", "tls.key": "b", "ca.crt": "c" },
});

/** A Deployment with an account of its own, and the volumes. */
function part(name: string, ...volumes: readonly Omit<Volume, "name">[]) {
  const named = volumes.map((volume, index) => ({ name: `volume-${index}`, ...volume }));
  return deployment({ serviceAccountName: name, volumes: named }, { name });
}

/** A Job with an account of its own, and the volumes. */
function job(name: string, ...volumes: readonly Omit<Volume, "name">[]) {
  const named = volumes.map((volume, index) => ({ name: `volume-${index}`, ...volume }));
  const spec = { serviceAccountName: name, volumes: named, containers: [{ name }] };
  const template = { metadata: { labels: { app: name } }, spec };
  return object("Job", { metadata: { ...chat, name }, spec: { template } });
}

const all = (secretName: string) => ({ secret: { secretName } });
const only = (secretName: string, ...keys: readonly string[]) => ({
  secret: { secretName, items: keys.map((key) => ({ key, path: key })) },
});

function withVariables(name: string, container: Partial<Container>) {
  return deployment({ serviceAccountName: name, containers: [{ name, ...container }] }, { name });
}

/** Lets the client reach the server. */
const wired = (client: object, server: object) =>
  object("NetworkPolicy", {
    metadata: { ...chat, name: "wired" },
    spec: {
      podSelector: { matchLabels: { ...server } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { ...client } } }], ports: [{ port: 5432 }] }],
    },
  });

const database = object("Cluster", {
  metadata: { ...chat, name: "db" },
  spec: {
    bootstrap: { initdb: { secret: { name: "pg" } } },
    managed: { roles: [{ name: "a", passwordSecret: { name: "pg" } }] },
    certificates: { serverTLSSecret: "tls", serverCASecret: "tls" },
  },
});

describe("secrets-no-shared-credential", () => {
  itJudges(noSharedCredential, {
    passes: {
      "Secrets of their own": [password, certificate, part("web", all("pg")), part("app", all("tls"))],
      "the authority's certificate for everybody": [
        certificate,
        part("web", all("tls")),
        part("app", only("tls", "ca.crt")),
      ],
      "a client and its server": [
        password,
        part("web", all("pg")),
        part("app", all("pg")),
        wired({ app: "web" }, { app: "app" }),
      ],
      "a database and its client": [
        password,
        certificate,
        database,
        part("web", all("pg"), only("tls", "ca.crt")),
        wired({ app: "web" }, { "cnpg.io/cluster": "db" }),
      ],
      "different keys of one Secret": [
        password,
        part("web", only("pg", "username")),
        part("app", only("pg", "password")),
      ],
      "one part that mounts it twice": [password, part("web", all("pg"), only("pg", "password"))],
      "a Job that makes the client's account at its server": [
        password,
        database,
        part("web", all("pg")),
        job("accounts", all("pg")),
        wired({ app: "web" }, { "cnpg.io/cluster": "db" }),
        wired({ app: "accounts" }, { "cnpg.io/cluster": "db" }),
      ],
      "workloads of one account": [
        password,
        part("web", all("pg")),
        deployment({ serviceAccountName: "web", volumes: [{ name: "a", ...all("pg") }] }, { name: "worker" }),
      ],
      "Secrets of that name in two namespaces": [
        part("web", all("pg")),
        deployment({ serviceAccountName: "web", volumes: [{ name: "a", ...all("pg") }] }, { namespace: "tools" }),
      ],
    },
    fails: {
      "two that have nothing to do with each other": [
        [password, part("web", all("pg")), part("app", all("pg"))],
        "chat/pg: password is shared by chat/web, chat/app, and neither reaches the other",
      ],
      "a Job that does not reach the client's server": [
        [password, part("web", all("pg")), job("accounts", all("pg"))],
        "chat/pg: password is shared by chat/web, chat/accounts, and neither reaches the other",
      ],
      "two clients of one database": [
        [
          password,
          database,
          part("web", all("pg")),
          part("app", all("pg")),
          wired({ app: "web" }, { "cnpg.io/cluster": "db" }),
          wired({ app: "app" }, { "cnpg.io/cluster": "db" }),
        ],
        "chat/pg: password is shared by chat/db, chat/web, chat/app",
      ],
      "a private key, even of a client and its server": [
        [
          certificate,
          part("web", all("tls")),
          part("app", only("tls", "tls.key")),
          wired({ app: "web" }, { app: "app" }),
        ],
        "chat/tls: tls.key is shared by chat/web, chat/app, and is a private key",
      ],
      "variables, and volumes of several sources": [
        [
          password,
          withVariables("web", { envFrom: [{ secretRef: { name: "pg" } }] }),
          withVariables("app", {
            env: [{ name: "P", valueFrom: { secretKeyRef: { name: "pg", key: "password" } } }],
          }),
          part("tool", { projected: { sources: [{ secret: { name: "pg" } }] } }),
        ],
        "shared by chat/web, chat/app, chat/tool",
      ],
      "a Secret that something else makes": [
        [part("web", all("other")), part("app", all("other"))],
        "chat/other: everything is shared",
      ],
      "the default account, which is nobody": [
        [
          password,
          deployment({ volumes: [{ name: "a", ...all("pg") }] }, { name: "web" }),
          deployment({ volumes: [{ name: "a", ...all("pg") }] }, { name: "app" }),
        ],
        "shared by chat/web, chat/app",
      ],
    },
    ignores: { "a stack in which nothing runs": [password] },
    undecided: {
      "a Secret's name that is not known": [
        withUnknown(part("web", all("pg")), "spec.template.spec.volumes.0.secret.secretName"),
      ],
    },
  });
});
