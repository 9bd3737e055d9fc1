import { haproxyOf, linesOf, type Section, sectionsOf } from "../pack/configuration/haproxy.ts";
import { namesPath, type Route, routesOf } from "../pack/configuration/haproxy-conditions.ts";
import type { Resource } from "../pack/resource.ts";

/** What every client of Matrix asks for. */
export const clientPath = "/_matrix/client/v3/sync";

/** A frontend of HAProxy that passes requests on to a homeserver. */
export interface MatrixEdge {
  readonly frontend: Section;
  /** Those of its routes that lead to the homeserver. */
  readonly routes: readonly Route[];
}

/** The frontends in a ConfigMap or Secret that pass Matrix on, or nothing where none does. */
export function matrixEdgesOf(resource: Resource): readonly MatrixEdge[] | undefined {
  const edges = haproxyOf(resource).flatMap(({ sections }) =>
    sectionsOf(sections, "frontend", "listen").flatMap((frontend) => {
      const all = routesOf(frontend);
      const homeservers = new Set(
        all.filter((route) => namesPath(route, clientPath) && !namesPath(route, "/")).map(({ backend }) => backend),
      );
      const routes = all.filter(({ backend }) => homeservers.has(backend) || isSynapse(backend, sections));
      return routes.length > 0 ? [{ frontend, routes }] : [];
    }),
  );
  return edges.length > 0 ? edges : undefined;
}

/** Whether a backend's own name or the addresses of its servers say that Synapse is behind it. */
function isSynapse(backend: string, sections: readonly Section[]): boolean {
  const behind = sections.find(({ kind, name }) => kind === "backend" && name === backend);
  const addresses = linesOf(behind?.lines ?? [], "server").map(([, , address = ""]) => address);
  return behind !== undefined && addresses.length > 0 && [backend, ...addresses].some((name) => /synapse/i.test(name));
}
