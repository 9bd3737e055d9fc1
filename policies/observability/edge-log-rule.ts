import { haproxyOf, reachesServers, type Section, sectionsOf } from "../pack/configuration/haproxy.ts";
import type { Resource } from "../pack/resource.ts";
import { type About, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

export interface ServingFrontend {
  readonly frontend: Section;
  /** The whole configuration that it is in. */
  readonly sections: readonly Section[];
}

/** A rule about every frontend of HAProxy that passes requests on. */
export function edgeLogRule(rule: About & { check(frontend: ServingFrontend, report: Report): void }): ResourceRule {
  return subjectRule(servingFrontendsOf, {
    ...rule,
    check(frontends, report) {
      for (const each of frontends)
        rule.check(each, (message) => report(`the frontend "${each.frontend.name}" ${message}`));
    },
  });
}

function servingFrontendsOf(resource: Resource): readonly ServingFrontend[] | undefined {
  const found = haproxyOf(resource).flatMap(({ sections }) =>
    sectionsOf(sections, "frontend", "listen")
      .filter((frontend) => reachesServers(frontend, sections))
      .map((frontend) => ({ frontend, sections })),
  );
  return found.length > 0 ? found : undefined;
}
