import { describe, expect, it } from "@jest/globals";
import { assignment, flag, patterns, placeholder, publicToken, settingsIn, standIn } from "./patterns.ts";

/** What of a text some pattern hides. */
function hidden(text: string): string[] {
  return patterns.flatMap(({ pattern }) =>
    [...text.matchAll(pattern)].map(({ 0: whole, groups }) => groups?.secret ?? whole),
  );
}

const a = (length: number) => "aB3".repeat(length).slice(0, length);

describe("what is secret for how it is written", () => {
  it.each([
    `eyJhbGciOiJIUzI1NiJ9.${a(20)}.${a(43)}`,
    `ghp_${a(36)}`,
    `github_pat_${a(30)}`,
    `glpat-${a(20)}`,
    `npm_${a(36)}`,
    `xoxb-${a(20)}`,
    `sk_live_${a(24)}`,
    `hvs.${a(24)}`,
    `AIza${a(35)}`,
    `AKIA${"ABCDEFGH23456789"}`,
    `AGE-SECRET-KEY-1${"QPZRY9X8GF2TVDW0".repeat(3)}`,
    `syt_YWRh_${a(20)}`,
    `$2b$12$${a(53)}`,
    `$argon2id$v=19$m=65536,t=3,p=4$${a(22)}`.replaceAll(",", ";"),
    `SCRAM-SHA-256$4096:${a(24)}`,
    `pul-${"0123456789abcdef".repeat(2)}`,
  ])("%s", (secret) => {
    expect(hidden(`it is ${secret}, he said`).join("")).toContain(secret.slice(0, 12));
  });

  it.each([
    ["postgresql://synapse:hunter2@pg:5432/synapse?sslmode=require", "hunter2"],
    ["redis://:hunter2@cache", "hunter2"],
    ["amqps://u:p%40ss@mq/vhost", "p%40ss"],
    ["Basic dTpodW50ZXIy", "dTpodW50ZXIy"],
    ["authorization: bearer hunter2hunter2", "hunter2hunter2"],
  ])("%s", (text, secret) => {
    expect(hidden(text)).toEqual([secret]);
  });

  it.each([
    "https://example.org:8443/path",
    "git@example.org:team/project.git",
    "https://example.org/@ada:example.org",
    "sk-learn",
    "AKIA",
  ])("is not %s", (text) => {
    expect(hidden(text)).toEqual([]);
  });
});

describe("an assignment", () => {
  it.each([
    ["password: hunter2", "password", "hunter2"],
    ["DB_PASSWORD=hunter2 other=1", "DB_PASSWORD", "hunter2"],
    ['"password": "hunter 2",', "password", '"hunter 2"'],
    ["password => 'hunter2'", "password", "'hunter2'"],
    ["key: |\n  one\n  two\n", "key", "|\n  one\n  two\n"],
  ])("%j is read in its notation", (text, name, value) => {
    const [found] = text.matchAll(assignment);
    expect(found?.groups).toMatchObject({ name, value });
  });

  it("is found within the value of another, too", () => {
    expect(settingsIn("invalid setting: password = hunter2", assignment)).toEqual([
      { name: "setting", value: "password", index: 17 },
      { name: "password", value: "hunter2", index: 28 },
    ]);
  });

  it("may be an option and the word after it", () => {
    expect([..."run --db-password hunter2 -D /data".matchAll(flag)].map(({ groups }) => ({ ...groups }))).toEqual([
      { name: "db-password", value: "hunter2" },
      { name: "D", value: "/data" },
    ]);
  });
});

describe("what stands for a secret", () => {
  it("is recognised, and shown", () => {
    expect(
      ["$(PASSWORD)", "$PASSWORD", `$${"{DB_PASSWORD}"}`, "{{ .password }}", "<password>", "***", "null"].every(
        (each) => placeholder.test(each),
      ),
    ).toBe(true);
    expect(["hunter2", "$ecret(1)", "pass<word>"].some((each) => placeholder.test(each))).toBe(false);
    expect(["[masked 12]", "[certificate 1]", "[public key 3]"].every((each) => standIn.test(each))).toBe(true);
    expect(standIn.test("[masked hunter2]")).toBe(false);
  });
});

describe("what is public, though it looks random", () => {
  it.each([
    `sha256:${"0123456789abcdef".repeat(4)}`,
    "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  ])("%s", (text) => {
    expect([...text.matchAll(publicToken)].map(([whole]) => whole)).toEqual([text]);
  });
});
