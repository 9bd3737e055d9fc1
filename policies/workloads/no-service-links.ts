import { podRule } from "../pack/rule.ts";

export const noServiceLinks = podRule({
  id: "workloads-no-service-links",
  title: "Pods are not told of every service in environment variables",
  why: "Kubernetes otherwise writes the addresses of all Services of the namespace into every container, an inventory for whoever breaks in. Names such as `REDIS_PORT` also change the settings of programs that read variables of that form.",
  fix: "Set `enableServiceLinks: false` in the pod's spec.",
  severity: "low",
  // What it gives away is known to the cluster's name service too.
  enforcement: "advisory",
  controls: {},
  check({ spec }, report) {
    if (spec.enableServiceLinks !== false) report("the pod gets the addresses of all services as variables");
  },
});
