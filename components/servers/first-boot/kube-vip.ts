import { stringify } from "yaml";
import type { KubernetesCluster, Server } from "../model.ts";
import { configuration, type HostFile } from "./files.ts";

/** As released; sites without internet serve it by a mirror in `/etc/containerd/certs.d`. */
const IMAGE = "ghcr.io/kube-vip/kube-vip:v1.0.1";

/**
 * The static pod that moves the API's address to a control plane that is alive. On a cluster's
 * first machine `roost-kubeadm` lets it begin with `super-admin.conf`: the other file may do nothing before the cluster is there.
 * @source https://kube-vip.io/docs/installation/static/
 */
export function kubeVip({ network }: Server, { endpoint }: KubernetesCluster): HostFile[] {
  if (endpoint.kind !== "kube-vip") return [];
  const link = network.links.find(({ attached }) => attached.some(({ carries }) => carries.includes("cluster")));
  const environment = {
    vip_arp: "true",
    vip_interface: link?.name ?? "",
    address: endpoint.address,
    port: `${endpoint.port}`,
    vip_subnet: endpoint.address.includes(":") ? "128" : "32",
    cp_enable: "true",
    cp_namespace: "kube-system",
    vip_leaderelection: "true",
    vip_leasename: "plndr-cp-lock",
    vip_leaseduration: "5",
    vip_renewdeadline: "3",
    vip_retryperiod: "1",
  };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "kube-vip", namespace: "kube-system" },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      hostAliases: [{ ip: "127.0.0.1", hostnames: ["kubernetes"] }],
      containers: [
        {
          name: "kube-vip",
          image: IMAGE,
          args: ["manager"],
          env: Object.entries(environment).map(([name, value]) => ({ name, value })),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW"] },
          },
          volumeMounts: [{ name: "kubeconfig", mountPath: "/etc/kubernetes/admin.conf", readOnly: true }],
        },
      ],
      volumes: [{ name: "kubeconfig", hostPath: { path: "/etc/kubernetes/admin.conf", type: "File" } }],
    },
  };
  return [configuration("/etc/kubernetes/manifests/kube-vip.yaml", [stringify(pod).trimEnd()])];
}
