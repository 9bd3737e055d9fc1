import { Connectivity } from "../network/connectivity.ts";
import type { Container } from "../pack/kubernetes.ts";
import { podsOf } from "../pack/pods.ts";
import type { Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

export const scrape = stackRule({
  id: "observability-scrape",
  title: "Where there is a Prometheus, it reaches the metrics of everything that has some",
  why: "Whatever is denied by default is also denied to Prometheus, and a workload whose metrics nobody gathers raises no alarm. It looks as healthy as all the others.",
  fix: "Connect Prometheus to the endpoint: one NetworkPolicy lets it out, one lets it in at the port called `metrics`.",
  severity: "medium",
  controls: { nsa: ["audit/tools"], iso: ["A.8.16"], gbt: ["8.1.5.4 c)"] },
  appliesTo: (stack) => stack.some(isPrometheus),
  check(stack, report) {
    const connectivity = new Connectivity(stack);
    const prometheus = connectivity.podSets.filter(({ resource }) => isPrometheus(resource));
    each(connectivity.podSets, (server) => {
      const metrics = server.ports.filter(({ name = "" }) => /(^|-)metrics($|-)/.test(name));
      if (metrics.length === 0 || prometheus.length === 0 || prometheus.includes(server)) return;
      const ports = metrics.map(({ number, protocol }) => ({ port: number, protocol }));
      const isReached = prometheus.some(
        (client) =>
          (!connectivity.isRestricted(server, "Ingress") ||
            connectivity.allows("Ingress", { client, server, ports })) &&
          (!connectivity.isRestricted(client, "Egress") || connectivity.allows("Egress", { client, server, ports })),
      );
      if (!isReached) report(`no Prometheus reaches the metrics of ${server.name}`, server.resource);
    });
  },
});

function isPrometheus(resource: Resource): boolean {
  const pods = podsOf(resource);
  return pods?.runToEnd === false && (pods.spec.containers ?? []).some(runsPrometheus);
}

function runsPrometheus({ image = "", command = [], args = [] }: Container): boolean {
  const stores = [...command, ...args].some((word) => /^--(storage\.tsdb\.path|storage\.agent\.path)\b/.test(word));
  return stores || /(^|\/)prometheus(:|@|$)/.test(image);
}
