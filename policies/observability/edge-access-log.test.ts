import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { edgeAccessLog } from "./edge-access-log.ts";
import { edge, edgePath, others } from "./testing.ts";

describe("observability-edge-access-log", () => {
  const config = (...lines: string[]) =>
    object("ConfigMap", {
      data: { "haproxy.cfg": [...lines, "default_backend web", "backend web", "server web web:1"].join("\n") },
    });

  itJudges(edgeAccessLog, {
    passes: {
      "a log": edge("log global"),
      "a log of its own": edge("log stdout format raw local0"),
      "a log by its defaults": config("global", "log stdout local0", "defaults", "log global", "frontend f"),
    },
    fails: {
      "no log": [edge(), 'the frontend "users" logs to nowhere'],
      "a log that is undone": [edge("log global", "no log"), "logs to nowhere"],
      "a log that leads nowhere": [config("frontend f", "log global"), 'the frontend "f" logs to nowhere'],
      "a log with holes": [
        edge("log global", "http-request set-log-level silent if { path_beg /_synapse }"),
        'the frontend "users" leaves requests out of its log',
      ],
    },
    ignores: {
      ...others,
      "a frontend that answers all itself": object("ConfigMap", {
        data: { "haproxy.cfg": "frontend health\nno log\nhttp-request return status 200" },
      }),
    },
    undecided: { "a configuration that is not known": withUnknown(edge(), edgePath) },
  });
});
