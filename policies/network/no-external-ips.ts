import { each, kindRule } from "../pack/rule.ts";

/** @source https://github.com/kubernetes/kubernetes/issues/97076 (CVE-2020-8554) */
export const noExternalIps = kindRule("Service", {
  id: "network-no-external-ips",
  title: "No Service takes traffic to addresses that are not the cluster's",
  why: "The cluster sends what any pod addresses to an external IP to the Service that claims it, whoever the address belongs to (CVE-2020-8554). An ExternalName hides behind a name of the cluster a host that no NetworkPolicy and no certificate of the cluster covers.",
  fix: "Remove `externalIPs`, use a Service of type LoadBalancer where users come in, and let clients connect to outside hosts by their own names.",
  severity: "high",
  controls: { iso: ["A.8.20", "A.8.21"], gbt: ["8.1.3.1 a)"] },
  check({ props: { spec = {} } }, report) {
    each(spec.externalIPs ?? [], (address) => report(`the Service claims the address ${address}`));
    if (spec.type === "ExternalName") report(`the Service leads to ${spec.externalName ?? "a host elsewhere"}`);
  },
});
