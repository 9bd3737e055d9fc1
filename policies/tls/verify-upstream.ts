import { each, subjectRule } from "../pack/rule.ts";
import { haproxyUpstreams } from "./haproxy.ts";
import { someOf } from "./listeners.ts";
import { nginxUpstreams } from "./nginx.ts";

export const verifyUpstream = subjectRule(
  (resource) => someOf([...haproxyUpstreams(resource), ...nginxUpstreams(resource)]),
  {
    id: "tls-verify-upstream",
    title: "Proxies reach what is behind them over TLS, and verify it",
    why: "TLS that ends at the edge leaves the way through the cluster open to whoever can see it. A proxy that takes any certificate hands its requests, with their tokens, to whoever answers.",
    fix: "HAProxy: `ssl verify required ca-file … verifyhost …` on each server; nginx: `proxy_pass https://…` with `proxy_ssl_verify on`, `proxy_ssl_trusted_certificate` and `proxy_ssl_name`.",
    severity: "high",
    controls: {
      nsa: ["network/encryption"],
      iso: ["A.8.20", "A.8.21", "A.8.24"],
      gbt: ["8.1.2.2 a)", "8.1.2.2 b)", "8.1.4.7 a)", "8.1.4.8 a)"],
    },
    check(upstreams, report) {
      each(upstreams, ({ where, problems }) => {
        for (const problem of problems) report(`${where} ${problem}`);
      });
    },
  },
);
