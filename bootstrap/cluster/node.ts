/** A Kubernetes node as a host: pure, from the site to services and their configuration. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigFor } from "./certificates.ts";
import type { Host, Service } from "./host.ts";
import { controlPlane, hostAddress, registryName, type Site } from "./site.ts";

/** Where the folders of local volumes lie in a node. */
export const volumesFolder = "/var/lib/roost/volumes";

export interface NodeArgs {
  readonly site: Site;
  readonly name: string;
  /** Reference, by digest, of the image that holds a pod's namespaces open. */
  readonly pauseImage: string;
  /** Name servers beyond the cluster. */
  readonly nameServers: readonly string[];
  /** Folders with what was built and what was unpacked. */
  readonly programs: Readonly<Record<string, string>>;
  /** Whether this machine's root may give a process a lower OOM score than its own. */
  readonly mayLowerOomScore: boolean;
}

const containerd = "/run/containerd/containerd.sock";
const certificates = "/etc/kubernetes/pki";

/** The node `name`; the first node also runs the control plane. */
export function node(args: NodeArgs): Host {
  const { site, name } = args;
  const state = (folder: string) => join(site.folder, name, folder);
  const control = name === controlPlane;
  return {
    name,
    address: hostAddress(site, name),
    nameServers: args.nameServers,
    services: { ...(control ? controlPlaneServices(site) : {}), ...workerServices(site, name) },
    files: {
      ...machineFiles(site),
      ...(control ? controlPlaneFiles(site) : {}),
      ...workerFiles(args),
    },
    folders: {
      "/var/log": state("log"),
      "/var/lib/containerd": state("containerd"),
      "/var/lib/kubelet": state("kubelet"),
      [volumesFolder]: state("volumes"),
      ...(control ? { "/var/lib/etcd": state("etcd") } : {}),
    },
    programs: args.programs,
    redirects: {},
    // Whoever connects to a pod that is gone is told at once.
    routing: [`route add unreachable ${site.podsCidr}`],
    firewall: refusals(site),
  };
}

/**
 * Whoever connects to a Service without an endpoint is refused at once. Otherwise nobody answers (felix drops what no
 * policy names, before kube-proxy could refuse it), and the next attempt comes seconds after the endpoint is back. A reset
 * and no route that says "unreachable": of those messages the kernel sends an address no more than one a second.
 */
function refusals(site: Site): string {
  const toService = `ip saddr ${site.podsCidr} ip daddr ${site.servicesCidr}`;
  return `
    table ip roost {
      chain refusals {
        type filter hook forward priority filter - 10;
        ${toService} meta l4proto tcp reject with tcp reset
        ${toService} reject
      }
    }`;
}

/** Names of the hosts. */
export function machineFiles(site: Site): Record<string, string> {
  const names = [
    ...Object.entries(site.nodes).map(([name, address]) => `${address} ${name}`),
    `${site.registry} ${registryName}`,
  ];
  return { "/etc/hosts": `${["127.0.0.1 localhost", ...names].join("\n")}\n` };
}

function controlPlaneServices(site: Site): Record<string, Service> {
  const pki = (file: string) => `${certificates}/${file}`;
  const identity = (name: string) => [
    `--kubeconfig=/etc/kubernetes/${name}.conf`,
    `--authentication-kubeconfig=/etc/kubernetes/${name}.conf`,
    `--authorization-kubeconfig=/etc/kubernetes/${name}.conf`,
    "--bind-address=127.0.0.1",
    // There is one of each, and an election would delay every start.
    "--leader-elect=false",
  ];
  const address = hostAddress(site, controlPlane);
  return {
    etcd: {
      command: [
        "etcd",
        "--name=etcd",
        "--data-dir=/var/lib/etcd",
        "--listen-client-urls=https://127.0.0.1:2379",
        "--advertise-client-urls=https://127.0.0.1:2379",
        "--listen-peer-urls=https://127.0.0.1:2380",
        "--initial-advertise-peer-urls=https://127.0.0.1:2380",
        "--initial-cluster=etcd=https://127.0.0.1:2380",
        `--cert-file=${pki("etcd.crt")}`,
        `--key-file=${pki("etcd.key")}`,
        "--client-cert-auth",
        `--trusted-ca-file=${pki("etcd-ca.crt")}`,
        `--peer-cert-file=${pki("etcd.crt")}`,
        `--peer-key-file=${pki("etcd.key")}`,
        "--peer-client-cert-auth",
        `--peer-trusted-ca-file=${pki("etcd-ca.crt")}`,
        "--auto-compaction-retention=1",
        "--quota-backend-bytes=4294967296",
        "--logger=zap",
        "--log-level=warn",
      ],
    },
    "kube-apiserver": {
      command: [
        "kube-apiserver",
        `--advertise-address=${address}`,
        "--secure-port=6443",
        "--etcd-servers=https://127.0.0.1:2379",
        `--etcd-cafile=${pki("etcd-ca.crt")}`,
        `--etcd-certfile=${pki("kube-apiserver-etcd-client.crt")}`,
        `--etcd-keyfile=${pki("kube-apiserver-etcd-client.key")}`,
        `--encryption-provider-config=${pki("encryption.yaml")}`,
        `--tls-cert-file=${pki("kube-apiserver.crt")}`,
        `--tls-private-key-file=${pki("kube-apiserver.key")}`,
        "--tls-min-version=VersionTLS12",
        `--client-ca-file=${pki("kubernetes-ca.crt")}`,
        `--kubelet-certificate-authority=${pki("kubernetes-ca.crt")}`,
        `--kubelet-client-certificate=${pki("kube-apiserver-kubelet-client.crt")}`,
        `--kubelet-client-key=${pki("kube-apiserver-kubelet-client.key")}`,
        "--kubelet-preferred-address-types=InternalIP",
        `--service-account-key-file=${pki("service-account.pub")}`,
        `--service-account-signing-key-file=${pki("service-account.key")}`,
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-cluster-ip-range=${site.servicesCidr}`,
        // The edge is a NodePort on 443.
        "--service-node-port-range=80-32767",
        "--anonymous-auth=false",
        // Which pods may be privileged is Pod Security's to say.
        "--allow-privileged",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--admission-control-config-file=/etc/kubernetes/admission.yaml",
        "--profiling=false",
        "--endpoint-reconciler-type=lease",
      ],
    },
    "kube-controller-manager": {
      command: [
        "kube-controller-manager",
        ...identity("kube-controller-manager"),
        "--allocate-node-cidrs",
        `--cluster-cidr=${site.podsCidr}`,
        `--service-cluster-ip-range=${site.servicesCidr}`,
        "--use-service-account-credentials",
        `--root-ca-file=${pki("kubernetes-ca.crt")}`,
        `--service-account-private-key-file=${pki("service-account.key")}`,
        "--profiling=false",
      ],
    },
    "kube-scheduler": { command: ["kube-scheduler", ...identity("kube-scheduler"), "--profiling=false"] },
  };
}

function workerServices(site: Site, name: string): Record<string, Service> {
  return {
    containerd: { command: ["containerd", "--config=/etc/containerd/config.toml"] },
    kubelet: {
      command: [
        "kubelet",
        "--config=/etc/kubernetes/kubelet.yaml",
        "--kubeconfig=/etc/kubernetes/kubelet.conf",
        `--hostname-override=${name}`,
        `--node-ip=${hostAddress(site, name)}`,
      ],
      after: [containerd],
      // Pods of the time before a stop start at once, and most give up when the API cannot be reached from them.
      preferably: [
        programmed(`iptables -t nat -S KUBE-SERVICES | grep -q ${site.apiService}/32`),
        programmed("iptables -S cali-FORWARD"),
      ],
    },
    "kube-proxy": { command: ["kube-proxy", "--config=/etc/kubernetes/kube-proxy.yaml"] },
    felix: {
      command: ["calico-felix", "--config-file=/etc/calico/felix.cfg"],
      env: {
        FELIX_DATASTORETYPE: "kubernetes",
        KUBECONFIG: "/etc/kubernetes/calico.conf",
        FELIX_FELIXHOSTNAME: name,
        FELIX_LOGFILEPATH: "none",
        FELIX_LOGSEVERITYSCREEN: "warning",
        FELIX_IPV6SUPPORT: "false",
        FELIX_BPFENABLED: "false",
        FELIX_XDPENABLED: "false",
        FELIX_LOGSEVERITYSYS: "none",
        FELIX_ENDPOINTSTATUSPATHPREFIX: "none",
        // Read as it is written: without BPF there is nothing to clean up, and felix would panic trying.
        FELIX_DebugSkipCTLBCleanup: "true",
        FELIX_USAGEREPORTINGENABLED: "false",
        // Policies decide what a pod may reach; felix would drop all that goes to the node itself, the API server too.
        FELIX_DEFAULTENDPOINTTOHOSTACTION: "ACCEPT",
      },
    },
  };
}

/** Succeeds when the firewall command does, or when the node has no pods yet: without a node, kube-proxy waits too. */
function programmed(firewall: string): string {
  return `[ -z "$(ls -A /var/lib/kubelet/pods 2>/dev/null)" ] || { ${firewall}; } >/dev/null 2>&1`;
}

function controlPlaneFiles(site: Site): Record<string, string> {
  const pki = join(site.folder, "pki");
  const names = ["kubernetes-ca.crt", "etcd-ca.crt", "service-account.key", "service-account.pub", "encryption.yaml"];
  for (const name of ["kube-apiserver", "kube-apiserver-kubelet-client", "kube-apiserver-etcd-client", "etcd"]) {
    names.push(`${name}.crt`, `${name}.key`);
  }
  return {
    ...Object.fromEntries(names.map((name) => [`${certificates}/${name}`, readFileSync(join(pki, name), "utf8")])),
    "/etc/kubernetes/kube-controller-manager.conf": kubeconfigFor(site, "kube-controller-manager"),
    "/etc/kubernetes/kube-scheduler.conf": kubeconfigFor(site, "kube-scheduler"),
    "/etc/kubernetes/admission.yaml": yaml(admissionConfiguration()),
  };
}

function workerFiles(args: NodeArgs): Record<string, string> {
  const { site, name } = args;
  const pki = (file: string) => readFileSync(join(site.folder, "pki", file), "utf8");
  return {
    [`${certificates}/kubernetes-ca.crt`]: pki("kubernetes-ca.crt"),
    [`${certificates}/kubelet.crt`]: pki(`kubelet-${name}.crt`),
    [`${certificates}/kubelet.key`]: pki(`kubelet-${name}.key`),
    "/etc/kubernetes/kubelet.conf": kubeconfigFor(site, `kubelet-${name}`),
    "/etc/kubernetes/kube-proxy.conf": kubeconfigFor(site, "kube-proxy"),
    "/etc/kubernetes/calico.conf": kubeconfigFor(site, "calico"),
    "/etc/kubernetes/kubelet.yaml": yaml(kubeletConfiguration(site)),
    "/etc/kubernetes/kube-proxy.yaml": yaml(proxyConfiguration(site, name)),
    "/etc/containerd/config.toml": containerdConfiguration(args),
    [`/etc/containerd/certs.d/${registryName}/hosts.toml`]: registryHosts(site),
    "/etc/cni/net.d/10-calico.conflist": yaml(networkConfiguration(name)),
    "/etc/calico/felix.cfg": "",
  };
}

/** Namespaces that say nothing get the `baseline` level; those that need less say so. */
export function admissionConfiguration(): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: { enforce: "baseline", "enforce-version": "latest" },
        },
      },
    ],
  };
}

export function kubeletConfiguration(site: Site): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${certificates}/kubernetes-ca.crt` },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: `${certificates}/kubelet.crt`,
    tlsPrivateKeyFile: `${certificates}/kubelet.key`,
    tlsMinVersion: "VersionTLS12",
    containerRuntimeEndpoint: `unix://${containerd}`,
    cgroupDriver: "cgroupfs",
    clusterDNS: [site.dnsService],
    clusterDomain: "cluster.local",
    resolvConf: "/etc/resolv.conf",
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    seccompDefault: true,
    failSwapOn: false,
    oomScoreAdj: 0,
    // Absolute sizes: shares of a large disk that is in use for other things would evict pods for no reason.
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi" },
    // Images are not removed to make room, because some of them come from no registry that can be reached.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    containerLogMaxSize: "10Mi",
    containerLogMaxFiles: 3,
    serializeImagePulls: false,
    maxParallelImagePulls: 4,
  };
}

function proxyConfiguration(site: Site, name: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: "/etc/kubernetes/kube-proxy.conf" },
    hostnameOverride: name,
    mode: "iptables",
    // A second by default: so long clients went on to be led to a former primary, or to nobody.
    iptables: { minSyncPeriod: "100ms" },
    clusterCIDR: site.podsCidr,
    metricsBindAddress: "127.0.0.1:10249",
    oomScoreAdj: 0,
    // A network namespace cannot change the machine's limits, and does not need to.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

function networkConfiguration(name: string): object {
  return {
    name: "pods",
    cniVersion: "0.3.1",
    plugins: [
      {
        type: "calico",
        datastore_type: "kubernetes",
        nodename: name,
        nodename_file_optional: true,
        log_level: "warning",
        log_file_path: "/var/log/calico-cni.log",
        ipam: { type: "host-local", subnet: "usePodCidr", dataDir: "/run/cni/addresses" },
        policy: { type: "k8s" },
        kubernetes: { kubeconfig: "/etc/kubernetes/calico.conf" },
      },
      { type: "portmap", snat: true, capabilities: { portMappings: true } },
    ],
  };
}

function containerdConfiguration({ pauseImage, mayLowerOomScore }: NodeArgs): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "${containerd}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = ${!mayLowerOomScore}
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/roost/cni"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/etc/containerd/certs.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`;
}

function registryHosts(site: Site): string {
  const server = `http://${site.registry}:5000`;
  return `server = "${server}"\n[host."${server}"]\n  capabilities = ["pull", "resolve"]\n`;
}

/** Every JSON document is YAML. */
function yaml(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
