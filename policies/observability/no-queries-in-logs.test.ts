import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noQueriesInLogs } from "./no-queries-in-logs.ts";
import { edge, edgePath, others } from "./testing.ts";

describe("observability-no-queries-in-logs", () => {
  itJudges(noQueriesInLogs, {
    passes: {
      "a path": edge(
        `log-format '{"method":"%HM","path":"%[var(txn.path),json(utf8s)]","status":%ST,"retries":"%rc"}'`,
      ),
      "a path without its host": edge("log-format %ci\\ %HPO"),
      "a format that counts instead of the option": edge("option httplog", "log-format %ci"),
      connections: edge("option tcplog"),
    },
    fails: {
      "the usual format": [edge("option httplog"), 'the frontend "users" logs queries by `option httplog`'],
      "the request line": [edge('log-format "%ci %{+Q}r"'), "logs queries by %{+Q}r in its log-format"],
      "the URI": [edge("log-format %HU"), "logs queries by %HU"],
      "the query": [edge("log-format %[query]"), "logs queries by %[query"],
    },
    ignores: {
      ...others,
      "a frontend that answers all itself": object("ConfigMap", {
        data: { "haproxy.cfg": "frontend health\noption httplog\nhttp-request return status 200" },
      }),
    },
    undecided: { "a configuration that is not known": withUnknown(edge(), edgePath) },
  });
});
