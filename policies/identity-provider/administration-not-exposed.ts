import { z } from "zod";
import { haproxyOf, linesOf, type Section, sectionsOf } from "../pack/configuration/haproxy.ts";
import { openPaths, type Route, routesOf } from "../pack/configuration/haproxy-conditions.ts";
import type { Resource } from "../pack/resource.ts";
import { subjectRule, withSettings } from "../pack/rule.ts";

interface Edge {
  readonly frontend: Section;
  /** Those of its routes that lead to Keycloak. */
  readonly routes: readonly Route[];
}

export const administrationNotExposed = withSettings(
  z.strictObject({
    paths: z
      .array(z.string().startsWith("/"))
      .default(["/admin", "/realms/master", "/metrics", "/health"])
      .describe("What the edge refuses, each with everything below it."),
  }),
  ({ paths }) =>
    subjectRule(edgesOf, {
      id: "identity-provider-administration-not-exposed",
      title: "The edge refuses the identity provider's administration by name, whatever it routes",
      why: "Who gets into its console, or into the realm of its administrators, can be any person of the organisation. Refused by name, it stays inside also when somebody adds a route that is too wide.",
      fix: "Have each frontend that leads to the identity provider answer these paths itself, by `http-request return` or `deny` before any `allow`: the path, and what begins with it and a slash.",
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

/** The frontends that pass requests on to Keycloak, by the names of backends and servers. */
function edgesOf(resource: Resource): readonly Edge[] | undefined {
  const edges = haproxyOf(resource).flatMap(({ sections }) =>
    sectionsOf(sections, "frontend", "listen").flatMap((frontend) => {
      const routes = routesOf(frontend).filter(({ backend }) => isKeycloak(backend, sections));
      return routes.length > 0 ? [{ frontend, routes }] : [];
    }),
  );
  return edges.length > 0 ? edges : undefined;
}

function isKeycloak(backend: string, sections: readonly Section[]): boolean {
  const behind = sections.find(({ kind, name }) => kind === "backend" && name === backend);
  const addresses = linesOf(behind?.lines ?? [], "server").map(([, , address = ""]) => address);
  return [backend, ...addresses].some((name) => /keycloak/i.test(name));
}
