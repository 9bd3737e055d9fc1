import { linesOf } from "../pack/configuration/haproxy.ts";
import { edgeLogRule } from "./edge-log-rule.ts";

/** What a log line shows of a URL with its query: the request line, the URI, the query, and their fetches. */
const withQuery = /%(?:\{[^}]*\})?(?:r|HU|HQ)(?![A-Za-z])|%(?:\{[^}]*\})?\[(?:capture\.req\.uri|url|query|url_param)\b/;

export const noQueriesInLogs = edgeLogRule({
  id: "observability-no-queries-in-logs",
  title: "The edge's log does not hold what stands after the question mark of a URL",
  why: "Clients of Matrix may send their access token there, and single sign-on sends its own. Whoever reads such a log can act as each of these people.",
  fix: "Write a `log-format` with the path (`%HPO`, or `%[path]` kept in a variable) instead of `%r`, `%HU` or `%HQ`, and without `option httplog`.",
  severity: "high",
  controls: { iso: ["A.5.17", "A.8.15"], gbt: ["8.1.4.3 c)"] },
  check({ frontend: { effectiveLines: lines } }, report) {
    const format = linesOf(lines, "log-format").at(-1);
    const option = linesOf(lines, "option").find(([, name]) => name === "httplog" || name === "httpslog");
    if (format === undefined && option !== undefined) report(`logs queries by \`option ${option[1]}\``);
    const found = withQuery.exec(format?.slice(1).join(" ") ?? "")?.[0];
    if (found !== undefined) report(`logs queries by ${found} in its log-format`);
  },
});
