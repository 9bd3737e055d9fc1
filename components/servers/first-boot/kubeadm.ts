import { createHash, X509Certificate } from "node:crypto";
import { stringify } from "yaml";
import { hostPort } from "../host-port.ts";
import {
  addressesFor,
  type ControlPlaneEndpoint,
  type Fleet,
  isControlPlane,
  runsPods,
  type Server,
} from "../model.ts";
import { configuration, type HostFile } from "./files.ts";
import { KUBEADM_FOLDER } from "./kubernetes.ts";
import type { ClusterSecrets } from "./secrets.ts";

const API = "kubeadm.k8s.io/v1beta4";
const API_SERVER_PORT = 6443;
/** Later machines need a new token: `kubeadm token create`. */
const TOKEN_TTL = "24h0m0s";

/** What kubeadm is told when it joins the cluster, which control planes do too when another one is there. */
export function joinConfiguration(server: Server, { kubernetes }: Fleet, secrets: ClusterSecrets): HostFile {
  const join = {
    apiVersion: API,
    kind: "JoinConfiguration",
    nodeRegistration: nodeRegistration(server),
    discovery: {
      bootstrapToken: {
        token: secrets.bootstrapToken,
        apiServerEndpoint: controlPlaneEndpoint(kubernetes.endpoint),
        caCertHashes: [publicKeyHash(secrets.authority.certificate)],
      },
    },
    ...(isControlPlane(server) && { controlPlane: { localAPIEndpoint: localEndpoint(server) } }),
  };
  return { ...document(`${KUBEADM_FOLDER}/join.yaml`, join), mode: "0600", secret: true };
}

/** The authorities, and what kubeadm is told when it begins a cluster. */
export function controlPlaneFiles(server: Server, fleet: Fleet, secrets: ClusterSecrets): HostFile[] {
  const pki = "/etc/kubernetes/pki";
  const secret = (path: string, content: string): HostFile => ({ path, content, mode: "0600", secret: true });
  const init = {
    apiVersion: API,
    kind: "InitConfiguration",
    nodeRegistration: nodeRegistration(server),
    localAPIEndpoint: localEndpoint(server),
    bootstrapTokens: [{ token: secrets.bootstrapToken, ttl: TOKEN_TTL, usages: ["signing", "authentication"] }],
  };
  return [
    { path: `${pki}/ca.crt`, content: secrets.authority.certificate },
    secret(`${pki}/ca.key`, secrets.authority.privateKey),
    { path: `${pki}/etcd/ca.crt`, content: secrets.etcdAuthority.certificate },
    secret(`${pki}/etcd/ca.key`, secrets.etcdAuthority.privateKey),
    { path: `${pki}/front-proxy-ca.crt`, content: secrets.frontProxyAuthority.certificate },
    secret(`${pki}/front-proxy-ca.key`, secrets.frontProxyAuthority.privateKey),
    secret(`${pki}/sa.key`, secrets.serviceAccounts.privateKey),
    { path: `${pki}/sa.pub`, content: secrets.serviceAccounts.publicKey },
    secret(
      `${KUBEADM_FOLDER}/init.yaml`,
      document("", init, clusterConfiguration(fleet), kubeletConfiguration(), kubeProxyConfiguration()).content,
    ),
  ];
}

function clusterConfiguration({ kubernetes, servers }: Fleet) {
  const names = servers
    .filter(isControlPlane)
    .flatMap((each) => [
      each.name,
      `${each.name}.${each.domain}`,
      ...addressesFor(each, "cluster"),
      ...addressesFor(each, "management"),
    ]);
  const { endpoint, nodePorts } = kubernetes;
  const option = (name: string, value: string) => ({ name, value });
  return {
    apiVersion: API,
    kind: "ClusterConfiguration",
    clusterName: "roost",
    // The latest of that minor version, or kubeadm's own where it cannot ask.
    kubernetesVersion: `stable-${kubernetes.version}`,
    controlPlaneEndpoint: controlPlaneEndpoint(endpoint),
    networking: {
      dnsDomain: "cluster.local",
      podSubnet: kubernetes.podCidrs.join(","),
      serviceSubnet: kubernetes.serviceCidrs.join(","),
    },
    // Not the volume itself, in which ext4 keeps a folder of its own.
    etcd: { local: { dataDir: "/var/lib/etcd/data" } },
    apiServer: {
      certSANs: [...new Set([endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address, ...names])],
      extraArgs: [
        option("anonymous-auth", "true"),
        option("profiling", "false"),
        option("service-node-port-range", `${nodePorts.first}-${nodePorts.last}`),
        option("tls-min-version", "VersionTLS12"),
      ],
    },
    controllerManager: { extraArgs: [option("profiling", "false"), option("terminated-pod-gc-threshold", "100")] },
    scheduler: { extraArgs: [option("profiling", "false")] },
  };
}

/** Pods are told before the machine goes down, and nothing is served in plain text. */
function kubeletConfiguration() {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    cgroupDriver: "systemd",
    failSwapOn: false,
    podPidsLimit: 4096,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    rotateCertificates: true,
    seccompDefault: true,
    shutdownGracePeriod: "90s",
    shutdownGracePeriodCriticalPods: "30s",
    tlsMinVersion: "VersionTLS12",
    authentication: { anonymous: { enabled: false } },
  };
}

function kubeProxyConfiguration() {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    metricsBindAddress: "127.0.0.1:10249",
  };
}

/** The node's name, address, rack, and what may run on it. */
function nodeRegistration(server: Server) {
  const [address = ""] = addressesFor(server, "cluster");
  const labels = { "topology.kubernetes.io/zone": server.failureDomains.rack, "roost/role": server.role };
  return {
    name: server.name,
    criSocket: "unix:///run/containerd/containerd.sock",
    // Without this kubeadm gives control planes the taint that keeps pods away.
    ...(runsPods(server) && { taints: [] }),
    kubeletExtraArgs: [
      { name: "node-ip", value: address },
      {
        name: "node-labels",
        value: Object.entries(labels)
          .map((entry) => entry.join("="))
          .join(","),
      },
    ],
  };
}

function localEndpoint(server: Server) {
  const [advertiseAddress = ""] = addressesFor(server, "cluster");
  return { advertiseAddress, bindPort: API_SERVER_PORT };
}

function controlPlaneEndpoint(endpoint: ControlPlaneEndpoint): string {
  return hostPort(endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address, endpoint.port);
}

/** By which a node that joins knows the authority. @source https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/ */
function publicKeyHash(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

function document(path: string, ...objects: readonly object[]): HostFile {
  return configuration(path, [
    objects
      .map((object) => stringify(object))
      .join("---\n")
      .trimEnd(),
  ]);
}
