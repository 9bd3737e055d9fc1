/** Tries hard to get a secret into a report: secrets of many kinds, in every place that an event has for a text. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseEvents } from "../events.ts";
import { previewOf } from "../preview.ts";
import { reportOf } from "../report.ts";
import { type Event, keep, lines, message, replace, step, summary, update, urnOf, violation } from "../testing.ts";

/** A secret in the form in which it is written down, and what of it must not be seen. */
interface Planted {
  readonly written: string;
  readonly secret: string;
}

/** Shrinking would make a secret of zeros of it, which nobody takes for one. */
const seed = fc.noShrink(fc.nat());
const bytes = (length: number) => seed.map((given) => shake(`${given}`, length));
const from = (alphabet: string, length: number) =>
  seed.map((given) => [...shake(`${given}`, length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join(""));

function shake(text: string, outputLength: number): Buffer {
  return createHash("shake256", { outputLength }).update(text).digest();
}

const digits = "0123456789";
const small = "abcdefghijklmnopqrstuvwxyz";
const alphanumeric = `${digits}${small}${small.toUpperCase()}`;
const itself = (secret: string): Planted => ({ written: secret, secret });

/** As people choose them: nothing but the place says what they are. */
const password = fc
  .tuple(from(alphanumeric, 9), from(digits, 2), fc.constantFrom("!", "#", "%", "&", "+", "?", ".", "-"))
  .map(([word, number, sign]) => itself(`${word}${sign}${number}`));

const privateKey = bytes(121).map((key) => {
  const body = key.toString("base64").match(/.{1,64}/g) ?? [];
  const written = ["-----BEGIN EC PRIVATE KEY-----", ...body, "-----END EC PRIVATE KEY-----"].join("\n");
  return { written, secret: body[0] ?? "" };
});

const webToken = fc.tuple(bytes(24), bytes(32)).map(([claims, signature]) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = signature.toString("base64url");
  return { written: `${part({ alg: "HS256" })}.${part({ sub: claims.toString("hex") })}.${signed}`, secret: signed };
});

const prefixed = fc
  .tuple(
    fc.constantFrom("ghp_", "github_pat_", "glpat-", "npm_", "xoxb-", "sk_live_", "hvs.", "syt_"),
    from(alphanumeric, 36),
  )
  .map(([prefix, rest]) => itself(`${prefix}${rest}`));

const address = fc
  .tuple(fc.constantFrom("postgresql", "redis", "amqps", "https", "mongodb+srv"), from(alphanumeric, 12))
  .map(([scheme, secret]) => ({ written: `${scheme}://synapse:${secret}@db.example.org:5432/synapse?a=b`, secret }));

const hash = fc
  .tuple(fc.constantFrom("$2b$12$", "$6$salt$", "SCRAM-SHA-256$4096:"), from(`${alphanumeric}./`, 44))
  .map(([prefix, rest]) => ({ written: prefix + rest, secret: rest }));

/**
 * The same in each run: what knows keys by their letters misses one of 32 bytes in 70,000, and that is no news. (Measured
 * on 200,000 of each kind; `looks-random.test.ts` holds it to that order.)
 */
const steady = (name: string, numRuns: number) => ({ numRuns, seed: shake(name, 4).readInt32LE() });

/** Whatever can be recognised wherever it stands. */
const recognisable: fc.Arbitrary<Planted> = fc.oneof(
  bytes(32).map((key) => itself(key.toString("base64"))),
  bytes(32).map((key) => itself(key.toString("hex"))),
  bytes(48).map((key) => itself(key.toString("base64url"))),
  privateKey,
  webToken,
  prefixed,
  address,
  hash,
  from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16).map((key) => itself(`AKIA${key}`)),
);

const inBase64 = (planted: fc.Arbitrary<Planted>) =>
  planted.map(({ written }) => itself(Buffer.from(written).toString("base64")));

const text = fc.oneof({ weight: 3, arbitrary: recognisable }, inBase64(fc.oneof(privateKey, address, prefixed)));

type Place = (written: string) => readonly Event[];

const configMap = "core/v1:ConfigMap";
const web = urnOf(configMap, "web");
const changed =
  (of: (value: string) => Readonly<Record<string, unknown>>): Place =>
  (written) => [
    update(configMap, "web", of("before"), of(written)),
    update(configMap, "log", of(written), of("after")),
    keep(configMap, "kept", of(written)),
    step("create", configMap, "made", { after: of(written), details: {} }),
    step("delete", configMap, "gone", { before: of(written), details: {} }),
  ];

/** Where a text may stand that says what it is. */
const anywhere: Readonly<Record<string, Place>> = {
  value: changed((value) => ({ data: { note: value } })),
  "nested value": changed((value) => ({ data: { a: { b: [{ c: [value] }, { d: value }] } } })),
  sentence: changed((value) => ({ data: { note: `first line\nas said, ${value}, and so on\nlast line` } })),
  "quoted text": changed((value) => ({ data: { "app.json": JSON.stringify({ upstream: [value] }, undefined, 2) } })),
  key: changed((value) => ({ data: { [value]: "a" } })),
  "key of an item": changed((value) => ({ list: [{ name: value, value: "a" }, { name: "b" }] })),
  argument: changed((value) => ({ args: ["--verbose", value, `--upstream=${value}`] })),
  "literal of an environment": changed((value) => ({ env: [{ name: "UPSTREAM", value }] })),
  // A tag in hexadecimal is a commit.
  image: changed((value) => ({ image: `registry.example.org/web:x-${value}` })),
  annotation: changed((value) => ({ metadata: { annotations: { "example.org/config": value } } })),
  name: (value) => [step("create", configMap, value, { after: {}, details: {} }), keep(configMap, `kept-${value}`)],
  "error of the program": (value) => [message("error", `Error: cannot reach ${value}\n    at main`)],
  "message about a resource": (value) => [message("warning", `${value} is deprecated`, web), message("info", value)],
  "error of the engine": (value) => [{ errorEvent: { error: `it broke: ${value}` } }],
  violation: (value) => [violation({ urn: web, message: `the value "${value}" is not allowed`, severity: value })],
  "name of a policy": (value) => [violation({ message: "no", policy: value })],
  remediation: (value) => [{ policyRemediationEvent: { resourceUrn: value, policyName: value, policyPackName: "p" } }],
  "policy pack": (value) => [{ summaryEvent: { PolicyPacks: { [value]: value } } }],
  "reason for a replacement": (value) => [
    replace(
      configMap,
      "web",
      { data: { a: "1" } },
      { data: { a: "2" } },
      {
        keys: [value],
        detailedDiff: { [`data["${value.replaceAll("\n", " ")}"]`]: { diffKind: "update-replace", inputDiff: true } },
      },
    ),
  ],
  "reported difference": (value) => [update("example:index:Thing", "web", { a: 1 }, { a: 2 }, { diffs: [value] })],
  "what really exists": (value) => [
    update(
      configMap,
      "web",
      { data: { a: "1" } },
      { data: { a: "1" } },
      {
        old: { outputs: { data: { a: value } } },
        detailedDiff: { "data.a": { diffKind: "update", inputDiff: false } },
      },
    ),
  ],
  "output of the stack": (value) => [
    step("update", "pulumi:pulumi:Stack", "roost-dev", {
      before: {},
      after: {},
      details: { outputs: { url: value, [value]: 1 }, old: { outputs: { url: "before" } } },
    }),
  ],
  "name of the stack": (value) => [
    {
      resourcePreEvent: {
        metadata: { op: "same", urn: `urn:pulumi:${value}::p::t:t:T::n`, type: "t:t:T", old: null, new: null },
      },
    },
  ],
};

/** Where a place says that whatever stands in it is secret. */
const marked: Readonly<Record<string, Place>> = {
  "key that says so": changed((value) => ({ spec: { dbPassword: value, deep: [{ "api-key": value }] } })),
  "environment variable that says so": changed((value) => ({ env: [{ name: "DB_PASSWORD", value }] })),
  "argument that says so": changed((value) => ({ args: ["--admin-password", value] })),
  "option that says so": changed((value) => ({ args: [`--admin-password=${value}`] })),
  "setting in YAML": changed((value) => ({ data: { "app.yaml": `a: 1\nadmin_password: '${value}'\nb: 2\n` } })),
  "setting in JSON": changed((value) => ({ data: { "app.json": JSON.stringify({ a: 1, adminPassword: value }) } })),
  "setting in a shell": changed((value) => ({ data: { "app.sh": `export ADMIN_PASSWORD="${value}"\nrun\n` } })),
  "error that quotes a setting": (value) => [message("error", `invalid setting: password = "${value}"`)],
  "violation that quotes a setting": (value) => [violation({ message: `container "web" has --password=${value}` })],
  "Secret in plain text": (value) => [
    update("core/v1:Secret", "web", { stringData: { a: "x" } }, { stringData: { a: value } }),
    step("delete", "core/v1:Secret", "gone", { before: { stringData: { a: value } }, details: {} }),
  ],
  "Secret in base64": (value) => [
    update("core/v1:Secret", "web", { data: { a: "" } }, { data: { a: Buffer.from(value).toString("base64") } }),
  ],
  "value with the engine's mark": changed((value) => ({
    spec: {
      a: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) },
    },
  })),
  "generated password": (value) => [
    update(
      "random:index/randomPassword:RandomPassword",
      "pg",
      {},
      { length: 3 },
      { outputs: { result: "[secret]", bcryptHash: "[secret]", password: value } },
    ),
  ],
};

/** Marks that tell a secret by its name, so that it is known wherever else it stands. */
const telling = [
  "key that says so",
  "environment variable that says so",
  "setting in YAML",
  "value with the engine's mark",
] as const;

function leaks(secret: string, events: readonly Event[]): boolean {
  const stack = keep("pulumi:pulumi:Stack", "roost-dev");
  const { markdown } = reportOf(previewOf(parseEvents(lines(stack, ...events, summary))));
  // A piece of it is enough to know that it is there; so is what it is in base64.
  const pieces = secret.match(/.{12}/gs) ?? [secret];
  return [...pieces, Buffer.from(secret).toString("base64")].some((piece) => markdown.includes(piece));
}

describe("no secret stands in a report", () => {
  it.each(Object.entries(anywhere))("that can be recognised: as %s", (name, place) => {
    fc.assert(
      fc.property(text, ({ written, secret }) => expect(leaks(secret, place(written))).toBe(false)),
      steady(name, 40),
    );
  });

  it.each(Object.entries(marked))("that is marked: as %s", (name, place) => {
    const plain = fc.oneof(password, from(small, 12).map(itself), from(digits, 12).map(itself), recognisable);
    const oneLine = plain.filter(({ written }) => !written.includes("\n"));
    fc.assert(
      fc.property(oneLine, ({ written, secret }) => expect(leaks(secret, place(written))).toBe(false)),
      steady(name, 40),
    );
  });

  it("that is marked in one place, and stands in any other", () => {
    fc.assert(
      fc.property(
        password,
        fc.constantFrom(...telling),
        fc.constantFrom(...Object.keys(anywhere)),
        fc.boolean(),
        ({ written, secret }, mark, elsewhere, encoded) => {
          const there = encoded ? Buffer.from(written).toString("base64") : written;
          const events = [...(anywhere[elsewhere]?.(there) ?? []), ...(marked[mark]?.(written) ?? [])];
          expect(leaks(secret, events)).toBe(false);
        },
      ),
      steady("anywhere", 250),
    );
  });
});

describe("the search for leaks", () => {
  it("finds one where there is one", () => {
    expect(
      leaks("correct horse battery", changed((value) => ({ data: { note: value } }))("correct horse battery")),
    ).toBe(true);
  });
});
