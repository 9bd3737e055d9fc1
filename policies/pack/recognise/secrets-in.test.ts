import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { accountScript } from "../../../components/im/matrix/account-script.ts";
import { startScript } from "../../../components/im/matrix/start-script.ts";
import { isLiteralSecret, secretsIn } from "./secrets-in.ts";

const key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----";

describe("what is found in a text", () => {
  it.each([
    ["a password in a URL", "database: postgresql://synapse:hunter2hunter2@pg-rw:5432/synapse", "a password in a URL"],
    ["a password without a user", "redis://:hunter2@cache:6379", "a password in a URL"],
    ["a private key", key, "a private key"],
    ["a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "a JSON Web Token"],
    ["a token with its maker's prefix", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "a token"],
    ["a hash", "root:$6$rounds=5000$c2FsdHNhbHQ$Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFy:19000", "a password's hash"],
    ["an LDAP hash", "userPassword: {SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3", 'a value for "userPassword"'],
    ["an authorization header", 'set-header Authorization "Basic dXNlcjpwYXNzd29yZA=="', "an authorization header"],
    ["YAML", "password: correct horse battery staple", 'a value for "password"'],
    ["quoted YAML", 'client_secret: "hunter2"', 'a value for "client_secret"'],
    ["a block of YAML", "passphrase: |\n  hunter2\n", 'a value for "passphrase"'],
    ["JSON", '{"api_key":"hunter2","url":"https://example.org"}', 'a value for "api_key"'],
    ["a connection string", "host=pg dbname=chat password=hunter2", 'a value for "password"'],
    ["an option", "curl --token hunter2 https://example.org", 'a value for "token"'],
    ["a shell's variable", "export DB_PASSWORD='hunter2'", 'a value for "DB_PASSWORD"'],
    ["digits alone", "password: 123456", 'a value for "password"'],
    ["a key whose name says nothing", "x: q8Zt3LrV0wYkP5sNfB2uHjXe9CmAaG7d", "a random text, as keys are"],
  ])("%s", (_, text, what) => expect(secretsIn(text)).toEqual([{ what, line: 1 }]));

  it("is told with its line, once a line, in order", () => {
    const text = "a: 1\npassword: hunter2\n\nurl: https://u:hunter2@example.org # token=hunter2\n";
    expect(secretsIn(text)).toEqual([
      { what: 'a value for "password"', line: 2 },
      { what: "a password in a URL", line: 4 },
    ]);
  });

  it("is, in a program, what stands in quotes", () => {
    const program = "password = read(path)\ntoken: str = answer\nsecret = 'hunter2'\n";
    expect(secretsIn(program, "account.py")).toEqual([{ what: 'a value for "secret"', line: 3 }]);
    expect(secretsIn(`#!/usr/bin/env python3\n${program}`)).toHaveLength(1);
  });

  it("is every random password, in whatever notation", () => {
    const password = fc.string({
      unit: fc.constantFrom(..."abcdefghkmnpqrstuvwxyz23456789"),
      minLength: 8,
      maxLength: 40,
    });
    const notation = fc.constantFrom(
      (value: string) => `password: ${value}`,
      (value: string) => `password=${value}`,
      (value: string) => `{"password": "${value}"}`,
      (value: string) => `--password ${value}`,
      (value: string) => `postgresql://chat:${value}@pg/chat`,
    );
    fc.assert(fc.property(password, notation, (value, write) => secretsIn(`a: b\n${write(value)}\n`).length === 1));
  });
});

describe("what is no secret", () => {
  it.each([
    ["a file", "password_file: /secrets/password\nsecret: /run/secrets/x\n--password /administrator/password"],
    [
      "a variable",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: shells write variables so.
      "password: $PASSWORD\ntoken: ${TOKEN:-}\nsecret: $(cat /secrets/x)\nurl: https://u:${P}@example.org",
    ],
    ["a template", "password: {{ .Values.password }}\nsecret: %[env(SECRET)]\ntoken: !env TOKEN"],
    ["the name of a Secret", "existingSecret: chat\nimagePullSecret: registry\nserverTLSSecret: pg-server"],
    ["more settings", "secrets: [a]\npassword: {\ncredentials:\n  file: /a"],
    ["that there is none", 'password: ""\nsecret: null\ntoken: off\napi_key: none'],
    ["a limit", "max_tokens: 4096\naccess_token_lifetime: 5m\nminimum_password_length: 12"],
    ["a comment", "# password: ask the platform team\n  // secret: made by the stack"],
    ["a certificate", key.replaceAll("PRIVATE KEY", "CERTIFICATE")],
    ["a digest", `image: a@sha256:${"0a1b".repeat(16)}\nrevision: 5f0c8b6d2e7a4c1f9b3d5e8a7c6f4b2d1e0a9c8b`],
    ["what a page may load", "script-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"],
    ["joined variables", "return 301 https://$1$request_uri$is_args;"],
    ["an at sign in a path", "https://registry.example.org:443/@scope/package"],
    ["a sentence", "Basic authentication is switched off, bearer tokens are not"],
    ["an environment variable of a tool", "npm_config_user_agent_name=roost"],
  ])("%s", (_, text) => expect(secretsIn(text)).toEqual([]));

  it("a program that handles secrets", () => {
    expect(secretsIn(accountScript, "account.py")).toEqual([]);
    expect(secretsIn(startScript, "start.py")).toEqual([]);
  });
});

it.each([
  ["DB_PASSWORD", "hunter2", true],
  ["DB_PASSWORD", "'hunter2'", true],
  ["DB_PASSWORD", "", false],
  ["DB_PASSWORD_FILE", "hunter2", false],
  ["PWD", "/work", false],
  ["TOKEN", "$(OTHER)", false],
])("%s=%s is a literal secret: %s", (name, value, expected) => expect(isLiteralSecret(name, value)).toBe(expected));
