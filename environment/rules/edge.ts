import { hostNames, identityEnvironment, observabilityEnvironment } from "../environment.ts";
import { clusterTarget } from "../settings/cluster.ts";
import { rangeProblems } from "./addresses.ts";
import { certificateFaults } from "./certificate.ts";
import { hostsOf, rule, when } from "./rule.ts";

/** Ports of a node that it and Kubernetes listen on themselves. */
const TAKEN_PORTS = [22, 2379, 2380, 6443, 10250, 10256, 10257, 10259];

export const edgeRules = [
  rule(["edge"], ({ edge }, circumstances) => rangeProblems("edge.clientCidrs", edge.clientCidrs, circumstances)),

  rule(["cluster", "edge", "availability"], ({ cluster, edge: { exposure }, availability }) => {
    const embedded = cluster.kind === "embedded";
    switch (exposure?.kind) {
      case undefined:
        return [];
      case "loadBalancer":
        return when(
          embedded,
          "edge.exposure.kind",
          exposure.kind,
          '"nodePort" or "hostPort": the embedded cluster has no load balancer',
          'write "nodePort", or leave roost:edge.exposure out',
        );
      case "nodePort": {
        const { first, last } = clusterTarget(cluster).nodePorts;
        const { port = first } = exposure;
        return when(
          port < first || port > last,
          "edge.exposure.port",
          port,
          `a port from ${first} to ${last}, which the cluster gives to NodePort Services`,
          embedded ? "write 443" : "write 30443, or use a load balancer or a host port for 443",
        );
      }
      case "hostPort":
        return [
          ...when(
            TAKEN_PORTS.includes(exposure.port),
            "edge.exposure.port",
            exposure.port,
            "a port that nodes do not use themselves",
            "write 443",
          ),
          ...when(
            embedded && availability === "ha",
            "edge.exposure.kind",
            exposure.kind,
            '"nodePort": two pods of the edge cannot share the port of the one node that the embedded cluster has',
            'write "nodePort"',
          ),
        ];
    }
  }),

  rule(["edge", "domain", "im", "identity", "observability"], (settings, { now, withheld }) => {
    const { domain, im, identity, observability } = settings;
    const { certificate } = settings.edge;
    if (certificate.kind !== "provided" || im.engine !== "matrix") return [];
    const known = (name: "certificatePem" | "keyPem") => !withheld.has(`edge.certificate.${name}`);
    if (!known("certificatePem")) return [];
    const { certificatePem, keyPem } = certificate;
    const hosts = hostNames({
      domain,
      im: hostsOf(domain, im),
      identity: identityEnvironment(identity, domain),
      observability: observabilityEnvironment(observability, identity, domain),
    });
    const faults = certificateFaults({ certificatePem, ...(known("keyPem") && { keyPem }), hosts, now });
    return faults.map(({ of, found, ...rest }) => ({ path: `edge.certificate.${of}`, given: found, ...rest }));
  }),
];
