import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { distinctValues } from "./distinct-values.ts";

const secret = (name: string, stringData: Readonly<Record<string, string>>, namespace = "chat") =>
  object("Secret", { metadata: { name, namespace }, stringData });
const password = "correct-horse-battery";

/** What reads the Secret of its own name. */
function reader(kind: "Deployment" | "Job", name: string) {
  const spec = { containers: [{ name }], volumes: [{ name: "secret", secret: { secretName: name } }] };
  return object(kind, { metadata: { name, namespace: "chat" }, spec: { template: { spec } } });
}

describe("secrets-distinct-values", () => {
  itJudges(distinctValues, {
    passes: {
      "values of their own": [secret("pg", { password }), secret("web", { password: `${password}-2` })],
      "the same name and authority": [
        secret("pg", { username: "synapse-user", "ca.crt": "certificate" }),
        secret("web", { username: "synapse-user", "ca.crt": "certificate" }),
      ],
      "a copy for the client's namespace": [secret("pg", { password }), secret("pg", { password }, "data")],
      "two forms of one key in one Secret": [
        secret("web", { "tls.key": password, "key.pem": password }),
        secret("a", {}),
      ],
      "the Secret of a Job that makes the account": [
        secret("web", { password }),
        secret("accounts", { password }),
        reader("Deployment", "web"),
        reader("Job", "accounts"),
      ],
      "what is short": [secret("pg", { password: "x" }), secret("web", { password: "x" })],
      "what is no credential": [secret("pg", { motto: password }), secret("web", { motto: password })],
    },
    fails: {
      "one password for two": [
        [secret("pg", { password }), secret("web", { admin_password: password })],
        '"admin_password" of chat/web is the same as "password" of chat/pg',
      ],
      "one password for two that run on": [
        [
          secret("web", { password }),
          secret("app", { password }),
          reader("Deployment", "web"),
          reader("Deployment", "app"),
        ],
        '"password" of chat/app is the same as "password" of chat/web',
      ],
      "encoded or not": [
        [
          secret("pg", { password }),
          object("Secret", { metadata: { name: "web" }, data: { token: Buffer.from(password).toString("base64") } }),
        ],
        '"token" of web is the same as "password" of chat/pg',
      ],
      "random values, whatever they are called": [
        [
          secret("a", { form: "q8Zt3LrV0wYkP5sNfB2uHjXe9CmAaG7d" }),
          secret("b", { x: "q8Zt3LrV0wYkP5sNfB2uHjXe9CmAaG7d" }),
        ],
        '"x" of chat/b is the same as "form" of chat/a',
      ],
    },
    ignores: { "one Secret": [secret("pg", { password })] },
    undecided: {
      "a value that is not known": [
        secret("pg", { password }),
        withUnknown(secret("web", { password }), "stringData.password"),
      ],
    },
  });
});
