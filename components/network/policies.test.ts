import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Peer } from "./peer.ts";
import { labelsOf, peerNamed } from "./peer.ts";
import type { Policy } from "./policies.ts";
import { allowDns, defaultDeny, egressRule, ingressRule } from "./policies.ts";

const synapse = peerNamed("synapse", "roost");
const postgres = peerNamed("pg", "data");
const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}
interface Rule {
  readonly from?: readonly End[];
  readonly to?: readonly End[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}
interface End {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}
interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly egress?: readonly Rule[];
  readonly ingress?: readonly Rule[];
}

/** A policy without the inputs that Pulumi's types allow and these functions never make. */
function specOf(policy: Policy): Spec {
  return JSON.parse(JSON.stringify(policy.spec));
}

function selects(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

function isPod(end: End, pod: Peer): boolean {
  return (
    end.podSelector !== undefined &&
    selects(end.podSelector, labelsOf(pod)) &&
    selects(end.namespaceSelector, { "kubernetes.io/metadata.name": pod.namespace })
  );
}

/** What Kubernetes says at one end: a pod that policies select may do only what one of them allows. */
function allows(
  policies: readonly Policy[],
  direction: "Ingress" | "Egress",
  pod: Peer,
  other: Peer,
  port: number,
): boolean {
  const specs = policies
    .filter(({ namespace }) => namespace === pod.namespace)
    .map(specOf)
    .filter((spec) => spec.policyTypes.includes(direction) && selects(spec.podSelector, labelsOf(pod)));
  const rules = specs.flatMap((spec) => (direction === "Ingress" ? spec.ingress : spec.egress) ?? []);
  const ends = (rule: Rule) => (direction === "Ingress" ? rule.from : rule.to) ?? [];
  const here = (rule: Rule) => rule.ports.some((each) => each.port === port && each.protocol === "TCP");
  return specs.length === 0 || rules.some((rule) => here(rule) && ends(rule).some((end) => isPod(end, other)));
}

describe("network rules", () => {
  it("let two pods talk exactly when, where and in the direction that a connection was made", () => {
    const peers = ["one", "two"].flatMap((namespace) => ["a", "b", "c"].map((name) => peerNamed(name, namespace)));
    const pairs = peers.flatMap((client) => peers.map((server) => ({ client, server })));
    const all = [80, 443].flatMap((port) => pairs.map((pair) => ({ ...pair, port })));
    fc.assert(
      fc.property(fc.subarray(all, { maxLength: 8 }), (made) => {
        const policies = [
          ...["one", "two"].flatMap((namespace) => [defaultDeny(namespace), allowDns(namespace, dns)]),
          ...made.flatMap(({ client, server, port }) => [
            egressRule(client, server, port, "TCP"),
            ingressRule(client, server, port, "TCP"),
          ]),
        ];
        // Each end alone, or a rule that is too wide at one would hide behind the other's.
        expect(all.filter(({ client, server, port }) => allows(policies, "Egress", client, server, port))).toEqual(
          made,
        );
        expect(all.filter(({ client, server, port }) => allows(policies, "Ingress", server, client, port))).toEqual(
          made,
        );
      }),
    );
  });

  it("lie where their pods are, under names that say what they allow", () => {
    expect(egressRule(synapse, postgres, 5432, "TCP")).toMatchObject({
      name: "synapse-to-pg-5432",
      namespace: "roost",
    });
    expect(ingressRule(synapse, postgres, 5432, "TCP")).toMatchObject({
      name: "pg-from-synapse-5432",
      namespace: "data",
    });
  });

  it("say which direction they are for, so that neither forbids the other by accident", () => {
    expect(egressRule(synapse, postgres, 5432, "TCP").spec.policyTypes).toEqual(["Egress"]);
    expect(ingressRule(synapse, postgres, 5432, "TCP").spec.policyTypes).toEqual(["Ingress"]);
  });

  it("name addresses outside the cluster by their ranges, all of them and nothing else", () => {
    const apiServer = { name: "kubernetes-api", cidrs: ["10.0.0.1/32", "10.0.0.2/32"] };
    expect(egressRule(postgres, apiServer, 6443, "TCP").spec.egress).toEqual([
      {
        to: [{ ipBlock: { cidr: "10.0.0.1/32" } }, { ipBlock: { cidr: "10.0.0.2/32" } }],
        ports: [{ protocol: "TCP", port: 6443 }],
      },
    ]);
    expect(ingressRule({ name: "users", cidrs: ["0.0.0.0/0"] }, synapse, 8443, "TCP").spec.ingress).toEqual([
      { from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 8443 }] },
    ]);
  });

  it("let every pod of a zone resolve names by the cluster's DNS, and no more", () => {
    const spec = specOf(allowDns("roost", dns));
    expect(spec.podSelector).toEqual({});
    expect(spec.egress).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ]);
  });

  it("forbid both directions to every pod of a zone first", () => {
    expect(defaultDeny("roost").spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });
});
