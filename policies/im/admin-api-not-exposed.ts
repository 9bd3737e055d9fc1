import { z } from "zod";
import { openPaths } from "../pack/configuration/haproxy-conditions.ts";
import { subjectRule, withSettings } from "../pack/rule.ts";
import { matrixEdgesOf } from "./edges.ts";

export const adminApiNotExposed = withSettings(
  z.strictObject({
    paths: z
      .array(z.string().startsWith("/"))
      .default([
        "/_synapse/admin",
        "/_synapse/metrics",
        "/_matrix/client/r0/admin",
        "/_matrix/client/v1/admin",
        "/_matrix/client/v3/admin",
      ])
      .describe("What the edge refuses, each with everything below it."),
  }),
  ({ paths }) =>
    subjectRule(matrixEdgesOf, {
      id: "im-admin-api-not-exposed",
      title: "The edge refuses the homeserver's administration API and metrics by name, whatever it routes",
      why: "With an administrator's token this API reads every room, resets every password and deletes what was said. Refused by name, it stays inside also when somebody adds a route that is too wide.",
      fix: "Have each frontend that leads to the homeserver answer these paths itself, by `http-request return` or `deny` before any `allow`: the path, and what begins with it and a slash.",
      severity: "critical",
      controls: { iso: ["A.8.2", "A.8.3"], gbt: ["8.1.4.4 c)"] },
      check(edges, report) {
        for (const { frontend, routes } of edges) {
          for (const path of openPaths(frontend, routes, paths))
            report(`the frontend "${frontend.name}" does not refuse ${path}`);
        }
      },
    }),
);
