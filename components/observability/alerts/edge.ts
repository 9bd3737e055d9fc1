import { type AlertGroup, alertsOf } from "./rule.ts";

const { page, ticket } = alertsOf("edge");

const REMAINING = 'min by (instance) (probe_ssl_earliest_cert_expiry{job="blackbox"}) - time()';
const DAY = 86_400;

/** @param ha whether there are two pods */
export function edgeAlerts({ ha }: { readonly ha: boolean }): AlertGroup {
  const replicas = ha ? 2 : 1;
  return {
    name: "edge",
    rules: [
      ticket("EdgeReplicaMissing", `(count(up{job="edge"} == 1) or vector(0)) < ${replicas}`, {
        for: "5m",
        summary: `Of the edge's ${replicas === 1 ? "one pod" : `${replicas} pods`}, {{ $value }} answer`,
        description: "With none left nobody reaches anything. The pod's events and log say why it is not there.",
      }),
      // Each pod looks for itself: only where all find nobody, people do too.
      ticket("EdgeBackendWithoutServers", 'min by (proxy) (haproxy_backend_status{job="edge", state="DOWN"}) == 1', {
        for: "1m",
        summary: "The edge finds nobody behind {{ $labels.proxy }}",
        description: "Whoever asks for it gets an error. Look whether its pods run and are ready.",
      }),
      ticket(
        "EdgeConnectionsNearLimit",
        `max by (namespace, pod) (haproxy_frontend_current_sessions{job="edge", proxy="users"} / haproxy_frontend_limit_sessions{job="edge", proxy="users"}) > 0.8`,
        {
          for: "10m",
          summary:
            "{{ $labels.pod }} has used {{ $value | humanizePercentage }} of the connections that people may make",
          description: "Beyond that, people wait to get in. It grows with roost:users.",
        },
      ),
      ticket("CertificateEndsSoon", `${REMAINING} < ${30 * DAY}`, {
        for: "1h",
        summary: "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
        description: "The environment's own are renewed by the next make up; one that you provide, by you.",
      }),
      page("CertificateAboutToEnd", `${REMAINING} < ${3 * DAY}`, {
        for: "5m",
        summary: "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
        description: "From then on no client connects. Renew it now: make up, or a new certificate in roost:edge.",
      }),
      ticket("PublicNameNotServed", 'probe_success{job="blackbox"} == 0', {
        for: "5m",
        summary: "The edge does not answer as {{ $labels.instance }}",
        description: "Its certificate is for other names, cannot be verified or has ended, or no pod of it answers.",
      }),
    ],
  };
}
