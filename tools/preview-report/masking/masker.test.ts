import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Secret, unknown } from "../value.ts";
import { Masker } from "./masker.ts";

const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const deployment = "kubernetes:apps/v1:Deployment";

describe("a value", () => {
  it("that the engine hides or marks is secret, and one that it does not know yet is unknown", () => {
    const given = { a: "[secret]", b: { ...secretMark, ciphertext: "x" }, c: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(new Masker().properties(deployment, given)).toEqual({ a: new Secret(), b: new Secret(), c: unknown });
  });

  it.each<readonly [string, string, object]>([
    ["under a key that says so", deployment, { dbPassword: "hunter2" }],
    ["as a number", deployment, { pin: 1, apiKey: 123456 }],
    ["in an environment variable that says so", deployment, { env: [{ name: "DB_PASSWORD", value: "hunter2" }] }],
    ["after an argument that says so", deployment, { args: ["--admin-password", "hunter2"] }],
    ["in a list under a key that says so", deployment, { tokens: ["hunter2", "hunter3"] }],
    ["in the contents of a Secret", "kubernetes:core/v1:Secret", { stringData: { user: "hunter2" } }],
    ["in base64, in the contents of a Secret", "kubernetes:core/v1:Secret", { data: { user: "aHVudGVyMg==" } }],
  ])("is secret %s", (_where, type, properties) => {
    const masked = JSON.stringify(new Masker().properties(type, properties));
    expect(masked).toContain('"number":1');
    for (const plain of ["hunter2", "hunter3", "123456", "aHVudGVyMg"]) expect(masked).not.toContain(plain);
  });

  it("is the same secret wherever it stands: reports tell that it changed, and not to what", () => {
    const masker = new Masker();
    const { a, b } = masker.properties("kubernetes:core/v1:Secret", {
      a: { password: "correct-horse" },
      b: { password: "battery-staple" },
      data: { password: Buffer.from("correct-horse").toString("base64") },
    });
    expect([a, b]).toEqual([{ password: new Secret(1) }, { password: new Secret(2) }]);
    expect(masker.text("it said correct-horse, and Y29ycmVjdC1ob3JzZQ== twice")).toBe(
      "it said [masked 1], and [masked 1] twice",
    );
  });

  it("that only says where the secret comes from is shown", () => {
    const given = { password: "$(DB_PASSWORD)", existingSecret: "", secretName: "pg-synapse", passwordLength: 40 };
    expect(new Masker().properties(deployment, given)).toEqual(given);
  });

  it("that the engine gives with its mark is hidden everywhere else too", () => {
    const masker = new Masker();
    masker.learn(deployment, { greeting: { ...secretMark, plaintext: JSON.stringify({ words: ["open-sesame1"] }) } });
    expect(masker.text("say open-sesame1")).toBe("say [masked 2]");
  });
});

describe("a text", () => {
  it.each([
    ["password: hunter2", "password: [masked 1]"],
    ['"dbPassword": "hunter2",', '"dbPassword": "[masked 1]",'],
    ["export DB_PASSWORD='hunter 2'", "export DB_PASSWORD='[masked 1]'"],
    ["pg_ctl --auth-token hunter2 -D /data", "pg_ctl --auth-token [masked 1] -D /data"],
    ["postgresql://synapse:hunter2@pg:5432/synapse", "postgresql://synapse:[masked 1]@pg:5432/synapse"],
    ["Authorization: Bearer hunter2hunter2", "Authorization: [masked 2] [masked 1]"],
    ["macaroon_secret_key: |\n  one\n  two\nnext: 1", "macaroon_secret_key: [masked 1]next: 1"],
    ["-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----", "[masked 1]"],
    ["cut off: -----BEGIN PRIVATE KEY-----\nMHcCAQ", "cut off: [masked 1]"],
    ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "[certificate 1]"],
  ])("%j is shown as %j", (text, shown) => {
    expect(new Masker().text(text)).toBe(shown);
  });

  it.each([
    "urn:pulumi:dev::roost::roost:postgres:Postgres$kubernetes:postgresql.cnpg.io/v1:Cluster::pg",
    "urn:pulumi:dev::roost::random:index/randomPassword:RandomPassword::pg-synapse",
    "urn:pulumi:dev::roost::tls:index/privateKey:PrivateKey$vault:index/token:Token::web",
    "registry.roost.test/synapse:1.163.2-0f3a9c1d2b4e@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256",
    "kubernetes.io/metadata.name: roost-e2e-ha",
    "spec.template.spec.topologySpreadConstraints[kubernetes.io/hostname DoNotSchedule]",
    "04da6b54-80e4-46f7-96ec-b56ff0331bb0",
    "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
    "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2",
    "pg-rw.roost.svc.cluster.local:5432 sslmode=verify-full",
    "rate(synapse_http_server_response_time_seconds_bucket[5m])",
    "tokenExpirationSeconds: 3600, passwordLength: 40, secretName: synapse-registration",
    "CustomResourceDefinition clusterimagecatalogs.postgresql.cnpg.io",
    "roost-edge-certificate-certificate-request-private-network",
    "2026-11-25T08:00:00.000Z v1.34.2+k0s.0 4.25.0-alpha.1700000000",
    "fd12:3456:789a:bcde::/64 and 192.0.2.0/24",
  ])("that is public stands as it is: %s", (text) => {
    expect(new Masker().text(text)).toBe(text);
  });

  it("made of words, however they are joined, stands as it is", () => {
    const word = fc.constantFrom(
      ..."chat edge server private network certificate policy default monitor backup account synapse cluster postgres exporter registration signing worker volume".split(
        " ",
      ),
    );
    const separator = fc.constantFrom("-", "_", "/", ".", "");
    const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        separator,
        fc.option(fc.nat(20)),
        (words, between, number) => {
          const joined =
            between === ""
              ? words.map((each, index) => (index === 0 ? each : capital(each))).join("")
              : words.join(between);
          const name = `${joined}${number === null ? "" : `-${number}`}`;
          expect(new Masker().text(name)).toBe(name);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
