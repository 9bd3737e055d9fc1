import { isHighlyAvailable } from "../pack/intent.ts";
import type { PostgresClusterSpec } from "../pack/kubernetes.ts";
import { namespaceOf, ofKind, type Resource } from "../pack/resource.ts";
import { type About, each, kindRule, type Report, type ResourceRule, type StackRule, stackRule } from "../pack/rule.ts";

/** A rule about each of CloudNativePG's clusters. */
export function clusterRule({
  check,
  ...about
}: About & { check(spec: PostgresClusterSpec, report: Report): void }): ResourceRule {
  return kindRule("Cluster", { ...about, check: ({ props }, report) => check(props.spec ?? {}, report) });
}

/** A rule about each cluster that is meant to survive the loss of a node. */
export function highlyAvailableRule({
  check,
  ...about
}: About & { check(spec: PostgresClusterSpec, report: Report, stack: readonly Resource[]): void }): StackRule {
  const meant = (stack: readonly Resource[]) =>
    ofKind(stack, "Cluster").filter((cluster) => isHighlyAvailable(stack, namespaceOf(cluster)));
  return stackRule({
    ...about,
    appliesTo: (stack) => meant(stack).length > 0,
    check(stack, report) {
      each(meant(stack), (cluster) => {
        check(cluster.props.spec ?? {}, (message) => report(message, cluster), stack);
      });
    },
  });
}

/** PostgreSQL's major version, where the cluster says it: in its catalogue's entry, or in the tag of its image. */
export function majorVersionOf({ imageCatalogRef, imageName }: PostgresClusterSpec): number | undefined {
  const tag = /(?:^|\/)[^/:@]+:(\d+)[^/]*$/.exec(imageName ?? "")?.[1];
  return imageCatalogRef?.major ?? (tag === undefined ? undefined : Number(tag));
}

/** Whether a parameter that is on or off is so, or nothing where it is not set. */
export function isOn(parameter: string | undefined): boolean | undefined {
  return parameter === undefined ? undefined : /^(?:on|true|yes|1)$/i.test(parameter);
}
