import type { Handler } from "../pack/kubernetes.ts";
import { containerRule, each } from "../pack/rule.ts";

const handlers = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const hooks = ["postStart", "preStop"] as const;

/** Pod Security's baseline asks for it since Kubernetes 1.34. */
export const noProbeHosts = containerRule({
  id: "workloads-no-probe-hosts",
  title: "Probes and lifecycle hooks ask the container itself",
  why: "The kubelet sends these requests from the node, which no NetworkPolicy holds back. With a host of its own, a probe makes the node ask addresses that the pod could not reach.",
  fix: "Leave `host` out of the probe or hook: the kubelet then asks the pod.",
  severity: "medium",
  controls: { nsa: ["pods/enforcement"], iso: ["A.8.22"] },
  check(container, report) {
    const judge = (name: string, handler: Handler | undefined) => {
      const host = handler?.httpGet?.host ?? handler?.tcpSocket?.host;
      if (host !== undefined && host !== "") report(`has a ${name} that asks ${host}`);
    };
    each(handlers, (name) => judge(name, container[name]));
    each(hooks, (name) => judge(`${name} hook`, container.lifecycle?.[name]));
  },
});
