/** Reports of real previews, as people have read them: see record.ts. */
import { describe, expect, it } from "@jest/globals";
import { GITHUB_LIMIT } from "../../tools/preview-report/report.ts";
import { fixtureReport, fixtureText, goldenReport } from "./fixtures.ts";
import { scenarios } from "./scenarios.ts";

const names = Object.keys(scenarios);

describe("the report of a real preview", () => {
  it.each(names)("%s is the one that was read", (name) => {
    expect(fixtureReport(name)).toBe(goldenReport(name));
  });

  it.each(names)("%s fits into a comment", (name) => {
    expect(goldenReport(name).length).toBeLessThanOrEqual(GITHUB_LIMIT);
  });

  it.each<readonly [string, RegExp]>([
    ["first-creation", /^## 👀 Review: \d+ to create, 0 unchanged$/m],
    ["no-change", /^## ✅ Safe: no change, \d+ unchanged$/m],
    ["replica-change", /replicas `2` → `3`/],
    ["image-bump", /image of `web`: .* → .*, digest `sha256:/],
    ["database-replaced", /\*\*danger\*\* `Cluster pg` is replaced: .* its databases and their volumes/],
    ["database-protected", /^## ⛔ Blocked, the preview failed.*\n[\s\S]*marked for protection/m],
    ["policy-opened", /\*\*danger\*\* `NetworkPolicy .*` opens: pods `pg` may be reached by anybody, anywhere/],
    ["tls-weakened", /\*\*danger\*\* `ConfigMap edge` weakens TLS in .*: `ssl-min-ver` `TLSv1.3` → `TLSv1.2`/],
    ["secret-rotated", /\*\*review\*\* `RandomPassword pg-synapse` gets a new value \(because of `keepers`\)/],
    ["certificate-renewed", /`LocallySignedCert edge-certificate-certificate` is renewed: it is due/],
    ["unknown-values", /`Service edge` may be reached from outside: its type is known only at `up`/],
    ["failure-in-the-middle", /The preview did not come to its end/],
    ["violation", /^## ⛔ Blocked by policy: [\s\S]*breaks `workloads-no-privileged`/m],
    [
      "waived-violation",
      /`Deployment web` is excepted from `workloads-no-privileged` until `2999-12-31` by `platform team`/,
    ],
  ])("%s says what matters in it", (name, text) => {
    expect(goldenReport(name)).toMatch(text);
  });

  it("of 500 changes is shortened, and says so", () => {
    const report = goldenReport("500-changes");
    expect(report).toMatch(/^## ✅ Safe: 500 to update/);
    expect(report).toMatch(/_\d+ more diffs are left out: the report would be too long\._/);
  });
});

describe("a recording", () => {
  it.each(names)("of %s knows no machine, and no key", (name) => {
    expect(fixtureText(name).match(/\/root\/|\/home\/\w+\/|BEGIN [A-Z ]*PRIVATE KEY/g)).toBeNull();
  });
});
