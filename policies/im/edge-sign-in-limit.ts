import { linesOf, type Section } from "../pack/configuration/haproxy.ts";
import { type Refusal, refusalsOf } from "../pack/configuration/haproxy-conditions.ts";
import { subjectRule } from "../pack/rule.ts";
import { matrixEdgesOf } from "./edges.ts";

export const edgeSignInLimit = subjectRule(matrixEdgesOf, {
  id: "im-edge-sign-in-limit",
  title: "The edge limits how often one address may try to sign in",
  why: "The homeserver counts by account, so one address may try a common password on every account. The edge sees the true address, and refuses before the homeserver spends time on hashing.",
  fix: "Count requests to the sign-in paths by address (`http-request track-sc0 src …`), and refuse by `http-request deny` or `return` where the rate (`sc_http_req_rate`, `sc_gpc0_rate`) is too high.",
  severity: "medium",
  controls: { iso: ["A.8.5"], gbt: ["8.1.3.3 a)", "8.1.4.1 b)"] },
  check(edges, report) {
    for (const { frontend } of edges) {
      if (!refusalsOf(frontend).some(isByRate))
        report(`the frontend "${frontend.name}" refuses nobody for trying too often`);
      else if (!countsAddresses(frontend)) report(`the frontend "${frontend.name}" does not count by address`);
    }
  },
});

function isByRate({ terms }: Refusal): boolean {
  return terms.some(({ tests }) => tests.some(([fetch = ""]) => /^(sc\d?_|src_)\w*rate/.test(fetch)));
}

function countsAddresses({ effectiveLines: lines }: Section): boolean {
  const rules = [...linesOf(lines, "http-request"), ...linesOf(lines, "tcp-request")];
  return rules.some((line) => line.some((word, at) => /^track-sc\d$/.test(word) && /^src\b/.test(line[at + 1] ?? "")));
}
