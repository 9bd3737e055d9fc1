/** What a query of Prometheus asks for, by Prometheus' own grammar. */
import { parser } from "@prometheus-io/lezer-promql";

export interface Selector {
  readonly metric: string;
  /** Labels that it is narrowed by. */
  readonly labels: readonly string[];
  /** The one job whose series are meant. @default any */
  readonly job?: string;
}

/** @throws Error that shows where a query is no PromQL */
export function selectorsOf(query: string): readonly Selector[] {
  const tree = parser.parse(query);
  const selectors: { metric: string; labels: string[]; job?: string }[] = [];
  tree.iterate({
    enter(node) {
      if (node.type.isError) {
        throw new Error(
          `no PromQL at ${JSON.stringify(query.slice(Math.max(0, node.from - 20), node.from + 20))}: ${query}`,
        );
      }
      const text = query.slice(node.from, node.to);
      if (node.name === "VectorSelector") selectors.push({ metric: "", labels: [] });
      const current = selectors.at(-1);
      if (current === undefined) return;
      if (node.name === "Identifier" && node.node.parent?.name === "VectorSelector") current.metric = text;
      const [, job] = node.name === "UnquotedLabelMatcher" ? (/^job="([^"]*)"$/.exec(text) ?? []) : [];
      if (job !== undefined) current.job = job;
      if (node.name === "LabelName" && inMatcher(node.node.parent?.name)) current.labels.push(text);
    },
  });
  return selectors;
}

function inMatcher(parent: string | undefined): boolean {
  return parent === "UnquotedLabelMatcher" || parent === "LabelMatcher";
}
