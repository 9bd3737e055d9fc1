import type { Server, VolumePurpose } from "../../environment/servers/index.ts";
import type { Resource } from "../pack/resource.ts";
import { type About, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

/** What the component of a machine says about itself: its description. */
type ServerResource = Resource & { readonly props: { readonly description: Server } };

function isServer(resource: Resource): resource is ServerResource {
  return resource.type === "roost:servers:Server";
}

/** A rule about each machine. */
export function serverRule(rule: About & { check(server: Server, report: Report): void }): ResourceRule {
  return subjectRule((resource) => (isServer(resource) ? resource.props.description : undefined), rule);
}

/** What a volume holds that somebody would miss. Images and scratch space are fetched or made again. */
export const precious: readonly VolumePurpose[] = ["etcd", "postgres", "kafka", "media", "backup"];
