import { describe, expect, it } from "@jest/globals";
import { planted, traces, writtenLines } from "./lines.ts";
import { REMOVED, redacted } from "./redaction.ts";

describe("what is kept of a line", () => {
  it.each(writtenLines.map((each) => [each.title, each] as const))("%s: nothing that was planted", (_, each) => {
    const kept = redacted(each.line, each.container);
    expect(traces(kept)).toEqual([]);
    expect(kept).toContain(each.found.text);
    if (each.line.startsWith("{")) expect(() => JSON.parse(kept)).not.toThrow();
  });

  it("is all of it, where there is nothing to hide", () => {
    for (const line of [
      '{"level":"info","message":"State of the session store is good, code 200","code":200,"state":"running"}',
      "level=info state=running token refresh done",
      'SRCH base="ou=people" filter="(uid=ada)"',
      "GET /_matrix/client/v3/sync 200",
    ])
      expect(redacted(line)).toBe(line);
  });

  it.each([
    ["a query in the middle", `see https://chat.roost.test/#/login?loginToken=${planted.loginToken} for more`],
    ["a form", `grant_type=password&username=ada&password=${planted.password}&x=1`],
    ["headers of Python", `{b'Authorization': [b'Bearer ${planted.bearer}']}`],
    [
      "headers in JSON",
      JSON.stringify({ headers: { authorization: `Basic ${planted.password}`, cookie: planted.cookie } }),
    ],
    ["JSON in JSON", JSON.stringify({ answer: JSON.stringify({ access_token: planted.bearer, body: planted.body }) })],
    ["a private key", `-----BEGIN EC PRIVATE KEY-----\\nPlanted+abc/=\\n-----END EC PRIVATE KEY-----`],
    ["a macaroon", "macaroon MDAxPlanted1234567890abcdefghijk"],
  ])("lacks what was planted in %s", (_, line) => {
    const kept = redacted(line);
    expect(traces(kept)).toEqual([]);
    expect(kept).toContain(REMOVED);
  });
});
