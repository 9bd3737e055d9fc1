import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noneInConfigMaps } from "./none-in-config-maps.ts";

const configMap = (data: Readonly<Record<string, string>>) => object("ConfigMap", { data });

describe("secrets-none-in-config-maps", () => {
  itJudges(noneInConfigMaps, {
    passes: {
      "no data": object("ConfigMap", {}),
      "where a secret is": configMap({
        "app.yaml": "password_file: /secrets/password\nurl: https://example.org/path",
        password_file: "/secrets/password",
      }),
      "certificates, which are for everybody": configMap({
        "ca.crt": "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ7Vb\n-----END CERTIFICATE-----",
      }),
      "a program that reads secrets": configMap({
        "account.py": "password = open(path).read()\ntoken = sign(password)\n",
      }),
      "a program that has been minified": configMap({
        "main.cjs":
          'var sha1_base64url=fixedBase64url(27),log={password:"__redacted__"};Actions.UPDATE_PASSWORD="UPDATE_PASSWORD";login({password:a.b})',
      }),
    },
    fails: {
      "a value whose key says that it is secret": [
        configMap({ password: "correct horse battery staple" }),
        'data "password" is a secret by its name',
      ],
      "each secret in a file, with its line": [
        configMap({ "app.yaml": "host: pg\npassword: hunter2\nurl: redis://:hunter2@cache\n" }),
        'data "app.yaml" has a value for "password" on line 2',
        'data "app.yaml" has a password in a URL on line 3',
      ],
      "what stands in quotes in a program": [
        configMap({ "main.cjs": 'login({password:"hunter2hunter2"})\nconst k="q8Zt3LrV0wYkP5sNfB2uHjXe9CmAaG7d"' }),
        'data "main.cjs" has a value for "password" on line 1',
        'data "main.cjs" has a random text, as keys are on line 2',
      ],
      "a private key in a binary file": [
        object("ConfigMap", {
          binaryData: { store: Buffer.from("\u0000-----BEGIN EC PRIVATE KEY-----\nMHcCAQ").toString("base64") },
        }),
        'binaryData "store" has a private key on line 1',
      ],
    },
    ignores: { "a Secret": object("Secret", { stringData: { password: "hunter2" } }) },
    undecided: { "a value that is not known": withUnknown(configMap({ token: "" }), "data.token") },
  });
});
