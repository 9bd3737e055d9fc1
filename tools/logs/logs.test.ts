import { describe, expect, it } from "@jest/globals";
import { logQuery, momentOf } from "./query.ts";
import { logsText } from "./text.ts";

describe("what is looked for", () => {
  it("is everything, where nothing is said", () => {
    expect(logQuery({})).toBe('{namespace=~".+"}');
  });

  it("is narrowed by labels, text, request and user", () => {
    expect(logQuery({ component: "synapse", level: "error", text: 'say "no"', request: "1-2", user: "ada" })).toBe(
      String.raw`{component="synapse", level="error"} |= "say \"no\"" | request="1-2" | user=~"@?ada(:.*)?"`,
    );
  });

  it("is one person, by the whole identifier", () => {
    expect(logQuery({ user: "@ada.l:roost.test" })).toBe(String.raw`{namespace=~".+"} | user=~"@ada\\.l:roost\\.test"`);
  });

  it("is refused with a word about what is allowed", () => {
    expect(() => logQuery({ level: "loud" })).toThrow("--level is loud; allowed is one of debug, info, warn, error");
    expect(() => momentOf("since", "yesterday", 0)).toThrow("--since is yesterday; write how long ago (30m, 6h, 3d)");
  });

  it("lies between moments, or so long ago", () => {
    expect(momentOf("since", "2h", 10_000_000)).toBe(10_000_000 - 7_200_000);
    expect(momentOf("since", "2026-01-31T08:00:00Z", 0)).toBe(Date.UTC(2026, 0, 31, 8));
  });
});

describe("a line", () => {
  it("says when, how bad, from where, about whom and in which request", () => {
    const labels = { level: "warn", pod: "synapse-0", container: "synapse", user: "@ada:roost.test", request: "1-2" };
    const line = { atNs: 1_700_000_000_123_456_789n, text: "It is so", labels };
    expect(logsText([line])).toBe("2023-11-14T22:13:20.123Z WARN  synapse-0 [@ada:roost.test] [1-2] It is so");
    expect(logsText([{ ...line, labels: { pod: "pg-1", container: "postgres" } }])).toBe(
      "2023-11-14T22:13:20.123Z INFO  pg-1/postgres It is so",
    );
  });
});
