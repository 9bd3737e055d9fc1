/** What every cluster of ours contains besides Kubernetes itself: pod network, DNS, storage. Pure. */
import { volumesFolder } from "./node.ts";
import type { Site } from "./site.ts";

export interface SystemImages {
  readonly coredns: string;
  readonly localPath: string;
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  /** What the kind adds: spec, data, rules… */
  readonly [field: string]: unknown;
}

/** All objects, in an order in which they can be applied. */
export function systemObjects(site: Site, images: SystemImages, nameServers: readonly string[]): KubernetesObject[] {
  return [...access(), ...podNetwork(site), ...dns(site, images.coredns, nameServers), ...storage(images.localPath)];
}

const namespace = "kube-system";

/** A container that may do nothing but run. */
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

function access(): KubernetesObject[] {
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    },
    binding("roost:kube-apiserver-kubelet-client", "system:kubelet-api-admin", user("kube-apiserver-kubelet-client")),
    ...clusterRole("roost:calico", user("calico"), [
      rule([""], ["pods", "nodes", "namespaces", "serviceaccounts", "services", "endpoints"], read),
      rule([""], ["pods/status", "nodes/status"], ["patch", "update"]),
      rule(["discovery.k8s.io"], ["endpointslices"], read),
      rule(["networking.k8s.io"], ["networkpolicies"], read),
      rule(["policy.networking.k8s.io"], ["adminnetworkpolicies", "baselineadminnetworkpolicies"], read),
      rule(["crd.projectcalico.org"], ["*"], read),
      rule(["crd.projectcalico.org"], ["tiers"], ["create"]),
    ]),
  ];
}

function podNetwork(site: Site): KubernetesObject[] {
  const apiVersion = "crd.projectcalico.org/v1";
  return [
    { apiVersion, kind: "ClusterInformation", metadata: { name: "default" }, spec: { datastoreReady: true } },
    {
      apiVersion,
      kind: "IPPool",
      metadata: { name: "pods" },
      spec: { cidr: site.podsCidr, natOutgoing: true, ipipMode: "Never", vxlanMode: "Never", nodeSelector: "all()" },
    },
  ];
}

function dns(site: Site, image: string, nameServers: readonly string[]): KubernetesObject[] {
  const name = "coredns";
  const labels = { "k8s-app": "kube-dns" };
  return [
    serviceAccount(name),
    ...clusterRole("system:coredns", account(name), [
      rule([""], ["services", "pods", "namespaces"], ["list", "watch"]),
      rule(["discovery.k8s.io"], ["endpointslices"], ["list", "watch"]),
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { Corefile: corefile(nameServers) },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kube-dns", namespace, labels: { ...labels, "kubernetes.io/name": "CoreDNS" } },
      spec: {
        selector: labels,
        clusterIP: site.dnsService,
        ports: [
          { name: "dns", port: 53, targetPort: "dns", protocol: "UDP" },
          { name: "dns-tcp", port: 53, targetPort: "dns-tcp", protocol: "TCP" },
          { name: "metrics", port: 9153, targetPort: "metrics", protocol: "TCP" },
        ],
      },
    },
    deployment(name, labels, {
      serviceAccountName: name,
      priorityClassName: "system-cluster-critical",
      dnsPolicy: "Default",
      containers: [
        {
          name,
          image,
          args: ["-conf", "/etc/coredns/Corefile"],
          ports: [
            { name: "dns", containerPort: 1053, protocol: "UDP" },
            { name: "dns-tcp", containerPort: 1053, protocol: "TCP" },
            { name: "metrics", containerPort: 9153, protocol: "TCP" },
          ],
          livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 30 },
          readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
          resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { memory: "170Mi" } },
          securityContext: restricted,
          volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        },
      ],
      volumes: [{ name: "config", configMap: { name } }],
    }),
  ];
}

/**
 * Unprivileged, CoreDNS listens on 1053; names beyond the cluster go to the name servers of the node, if it has any. They
 * are written here, because the pod's own resolv.conf stays as it was when the pod was started; this file is read again.
 */
function corefile(nameServers: readonly string[]): string {
  const forward = `
    forward . ${nameServers.join(" ")} {
        max_concurrent 1000
    }`;
  return `.:1053 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153${nameServers.length > 0 ? forward : ""}
    cache 30
    loop
    reload
    loadbalance
}
`;
}

function storage(image: string): KubernetesObject[] {
  const name = "local-path-provisioner";
  const labels = { "k8s-app": name };
  const helperPod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "volume" },
    spec: {
      priorityClassName: "system-node-critical",
      automountServiceAccountToken: false,
      containers: [
        {
          name: "volume",
          image,
          securityContext: {
            runAsUser: 0,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            // It removes files of any owner.
            capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", "FOWNER"] },
          },
        },
      ],
    },
  };
  const config = {
    nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesFolder] }],
    setupCommand: "/volume",
    teardownCommand: "/volume",
  };
  return [
    serviceAccount(name),
    ...clusterRole("roost:local-path-provisioner", account(name), [
      rule([""], ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"], read),
      rule([""], ["persistentvolumes"], [...read, "create", "patch", "update", "delete"]),
      rule([""], ["events"], ["create", "patch"]),
      rule(["storage.k8s.io"], ["storageclasses"], read),
    ]),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name, namespace },
      rules: [rule([""], ["pods"], ["create", "delete"])],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [account(name)],
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "local-path-config", namespace },
      data: { "config.json": JSON.stringify(config), "helperPod.yaml": JSON.stringify(helperPod) },
    },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "local-path",
        // The kubelet gives such volumes to a pod's fsGroup, which it does not do with host paths.
        annotations: { "storageclass.kubernetes.io/is-default-class": "true", defaultVolumeType: "local" },
      },
      provisioner: "rancher.io/local-path",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Delete",
    },
    deployment(name, labels, {
      serviceAccountName: name,
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name,
          image,
          command: ["/local-path-provisioner", "start", "--config=/etc/local-path/config.json"],
          args: ["--service-account-name=local-path-provisioner", `--helper-image=${image}`],
          env: [{ name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
          securityContext: restricted,
          volumeMounts: [{ name: "config", mountPath: "/etc/local-path", readOnly: true }],
        },
      ],
      volumes: [{ name: "config", configMap: { name: "local-path-config" } }],
    }),
  ];
}

function deployment(name: string, labels: Record<string, string>, spec: object): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function serviceAccount(name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function clusterRole(name: string, subject: object, rules: readonly object[]): KubernetesObject[] {
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
  return [role, binding(name, name, subject)];
}

function binding(name: string, role: string, subject: object): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}

const read = ["get", "list", "watch"];

function rule(apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): object {
  return { apiGroups, resources, verbs };
}

function user(name: string): object {
  return { kind: "User", apiGroup: "rbac.authorization.k8s.io", name };
}

function account(name: string): object {
  return { kind: "ServiceAccount", name, namespace };
}
