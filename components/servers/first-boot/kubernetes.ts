import { stringify } from "yaml";
import { hostPort } from "../host-port.ts";
import { addressesFor, type Fleet, isControlPlane, type Server } from "../model.ts";
import { familyOf, named } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { kubeVip } from "./kube-vip.ts";
import { controlPlaneFiles, joinConfiguration } from "./kubeadm.ts";
import { program, programPath } from "./scripts.ts";
import type { ClusterSecrets } from "./secrets.ts";
import { assigned, listed } from "./shell.ts";
import { dropIn, unit } from "./units.ts";

/** Where kubeadm's files lie until they have been used. */
export const KUBEADM_FOLDER = "/etc/kubernetes/kubeadm";
const PACKAGES = "https://pkgs.k8s.io/core:/stable:/v";
/** Of the key that all packages of pkgs.k8s.io are signed with. */
const SIGNING_KEY = "DE15B14486CD377B9E876E1A234654DA9A296436";
const SIGNING_KEY_FILE = "/etc/roost/kubernetes.asc";

/** The container runtime, which waits for its volume. */
export function containers({ operatingSystem, storage }: Server): Part {
  const debian = familyOf(operatingSystem) === "debian";
  const mounted = storage.pools
    .flatMap(({ volumes }) => volumes)
    .flatMap(({ content }) => (content.kind === "swap" ? [] : [content.mountPoint]));
  // An etcd or a runtime that begins anew beside its volume would look like one that has lost everything.
  const needed = (folders: readonly string[]) => folders.filter((folder) => mounted.includes(folder)).join(" ");
  const ofRuntime = needed(["/var/lib/containerd"]);
  const ofKubelet = needed(["/var/lib/etcd", "/var/lib/containerd"]);
  return {
    files: [
      { path: "/etc/containerd/config.toml", content: containerd() },
      ...(debian ? [] : [runtimeSource()]),
      ...(ofRuntime === "" ? [] : [dropIn("containerd.service", { Unit: { RequiresMountsFor: ofRuntime } })]),
      ...(ofKubelet === "" ? [] : [dropIn("kubelet.service", { Unit: { RequiresMountsFor: ofKubelet } })]),
    ],
    packages: [
      debian ? "containerd" : "containerd.io",
      "iptables",
      "conntrack",
      "ethtool",
      "socat",
      "curl",
      "gnupg",
    ].map((name) => (debian ? name : (REDHAT_NAMES[name] ?? name))),
    units: ["containerd.service"],
  };
}

/** The CentOS family has no containerd of its own. */
function runtimeSource(): HostFile {
  const base = "https://download.docker.com/linux/centos";
  return configuration("/etc/yum.repos.d/containerd.repo", [
    "[containerd]",
    "name=containerd",
    `baseurl=${base}/9/$basearch/stable`,
    "gpgcheck=1",
    `gpgkey=${base}/gpg`,
    "includepkgs=containerd.io",
  ]);
}

const REDHAT_NAMES: Readonly<Record<string, string>> = {
  iptables: "iptables-nft",
  conntrack: "conntrack-tools",
  gnupg: "gnupg2",
};

function containerd(): string {
  return `# Written from roost:servers: changes here are lost.
version = 2

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/opt/cni/bin"
  conf_dir = "/etc/cni/net.d"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;
}

/** What makes a machine a node of the cluster, at its first boot or as soon as a control plane answers. */
export function kubernetes(server: Server, fleet: Fleet, secrets: ClusterSecrets): Part {
  const { kubernetes: cluster } = fleet;
  const plane = isControlPlane(server);
  return {
    files: [
      packageSource(server, cluster.version),
      settings(server, fleet),
      { path: `${KUBEADM_FOLDER}/ca.crt`, content: secrets.authority.certificate },
      joinConfiguration(server, fleet, secrets),
      ...(plane ? controlPlaneFiles(server, fleet, secrets) : []),
      ...(plane ? kubeVip(server, cluster) : []),
      ...(begins(server, fleet) ? [rebootLock()] : []),
      program("roost-kubeadm"),
      unit("roost-kubeadm.service", {
        Unit: {
          Description: "Become a node of the cluster",
          After: "containerd.service network-online.target roost-first-boot.service",
          Wants: "network-online.target",
          Requires: "containerd.service",
          ConditionPathExists: "!/etc/kubernetes/kubelet.conf",
          StartLimitIntervalSec: "0",
        },
        Service: {
          Type: "oneshot",
          RemainAfterExit: "yes",
          ExecStart: programPath("roost-kubeadm"),
          Restart: "on-failure",
          RestartSec: "30s",
        },
        Install: { WantedBy: "multi-user.target" },
      }),
    ],
  };
}

/** Whether the machine makes the cluster, which the first control plane does: the others join it. */
export function begins(server: Server, { servers }: Fleet): boolean {
  return servers.find(isControlPlane)?.name === server.name;
}

function settings(server: Server, fleet: Fleet): HostFile {
  const { endpoint } = fleet.kubernetes;
  const others = fleet.servers.filter((each) => isControlPlane(each) && each.name !== server.name);
  const known = endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address;
  const addresses = others.flatMap((each) => addressesFor(each, "cluster")).map((address) => hostPort(address, 6443));
  return configuration("/etc/roost/kubernetes", [
    assigned("BEGINS", begins(server, fleet) ? "yes" : "no"),
    listed("CONTROL_PLANES", [...new Set([hostPort(known, endpoint.port), ...addresses])]),
    assigned(
      "PACKAGE_SOURCE",
      named(server.operatingSystem, {
        debian: "/etc/apt/sources.list.d/kubernetes.sources",
        redhat: "/etc/yum.repos.d/kubernetes.repo",
      }),
    ),
    assigned("SIGNING_KEY_URL", `${PACKAGES}${fleet.kubernetes.version}/deb/Release.key`),
    assigned("SIGNING_KEY_FILE", SIGNING_KEY_FILE),
    assigned("SIGNING_KEY_FINGERPRINT", SIGNING_KEY),
  ]);
}

/** Where packages come from. It is put into its place when its key is there: package managers refuse to work otherwise. */
function packageSource({ operatingSystem }: Server, version: string): HostFile {
  const lines =
    familyOf(operatingSystem) === "debian"
      ? ["Types: deb", `URIs: ${PACKAGES}${version}/deb/`, "Suites: /", `Signed-By: ${SIGNING_KEY_FILE}`]
      : [
          "[kubernetes]",
          "name=Kubernetes",
          `baseurl=${PACKAGES}${version}/rpm/`,
          "gpgcheck=1",
          `gpgkey=file://${SIGNING_KEY_FILE}`,
        ];
  return configuration("/etc/roost/kubernetes-packages", lines);
}

/** What nodes hold while they reboot, so that one does at a time: see `roost-reboot`. */
function rebootLock(): HostFile {
  const metadata = { name: "roost-reboot", namespace: "kube-system" };
  const subjects = [{ kind: "Group", name: "system:nodes", apiGroup: "rbac.authorization.k8s.io" }];
  const roleRef = (kind: string) => ({ kind, name: "roost-reboot", apiGroup: "rbac.authorization.k8s.io" });
  const objects = [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { holder: "" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["roost-reboot"], verbs: ["get", "patch"] }],
    },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata, subjects, roleRef: roleRef("Role") },
    {
      // What draining asks of the API beyond what the kubelet may.
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "roost-reboot" },
      rules: [
        { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "roost-reboot" },
      subjects,
      roleRef: roleRef("ClusterRole"),
    },
  ];
  return configuration(`${KUBEADM_FOLDER}/reboot-lock.yaml`, [
    objects
      .map((object) => stringify(object))
      .join("---\n")
      .trimEnd(),
  ]);
}
