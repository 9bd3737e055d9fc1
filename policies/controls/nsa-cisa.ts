import type { Standard } from "./standard.ts";

/**
 * The guide has no numbers, so an id here is a chapter and a section in short. A text begins with the section's own heading,
 * which is what an auditor finds in the guide's contents.
 */
export const nsaCisa = {
  title: "NSA/CISA Kubernetes Hardening Guide",
  version: "1.2 (August 2022)",
  source: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  controls: {
    "access/authentication": "Authentication: no anonymous access, no weak methods such as static password files",
    "access/rbac": "Role-based access control: people, groups and service accounts have only the rights that they need",
    "audit/alerting": "Alerting: what deviates reaches somebody who acts on it",
    "audit/fault-tolerance": "Fault tolerance: logs survive a full disk or a log server that is away",
    "audit/logging": "Logging: hosts, applications and the cluster log what was done and what resources were used",
    "audit/tools": "Tools: metrics are gathered, looked at and alerted on, for example with Prometheus and Grafana",
    "audit/workers":
      "Worker node and container logging: logs leave the node, so that they outlive the container, the pod and the node",
    "network/cloud": "Protecting sensitive cloud infrastructure: pods cannot reach the cloud's metadata service",
    "network/control-plane":
      "Control plane hardening: the API server is closed to the internet and to networks that are not trusted",
    "network/encryption": "Encryption: traffic inside the cluster is TLS 1.2 or 1.3",
    "network/namespaces": "Namespaces: parts are separated by namespace, and none lies in those of the system",
    "network/policies": "Network policies: both directions are denied by default, and policies select what may pass",
    "network/resources": "Resource policies: what a container and a namespace may use is limited",
    "network/secrets":
      "Secrets: credentials are in Secrets, not in manifests, images or environment variables, and few may read them",
    "network/workers": "Worker node segmentation: databases and inner services are apart from what faces the internet",
    "pods/enforcement":
      "Pod security enforcement: the cluster refuses pods with privileges, host access, root or escalation",
    "pods/environments": "Hardening container environments: workloads that are trusted less are isolated more",
    "pods/images": "Building secure container images: images come from trusted repositories and are scanned",
    "pods/immutable": "Immutable container file systems: a container cannot write to its root file system",
    "pods/non-root":
      '"Non-root" containers and "rootless" container engines: nothing runs as root, nor in root\'s group',
    "pods/tokens": "Protecting Pod service account tokens: a token is mounted only where the API is used",
    upgrades:
      "Upgrading and application security practices: everything is patched, and what is no longer needed is removed",
  },
} as const satisfies Standard;
