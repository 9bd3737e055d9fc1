import { type AlertGroup, alertsOf } from "./rule.ts";

const { page, ticket } = alertsOf("capacity");

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Where data lie: volumes of pods, and file systems of nodes, both as the kubelets see them. */
const places = {
  volume: {
    used: 'kubelet_volume_stats_used_bytes{job="kubelet"}',
    available: 'kubelet_volume_stats_available_bytes{job="kubelet"}',
    size: 'kubelet_volume_stats_capacity_bytes{job="kubelet"}',
    by: "max by (namespace, persistentvolumeclaim)",
    name: "Volume {{ $labels.persistentvolumeclaim }}",
  },
  fileSystem: {
    used: `container_fs_usage_bytes${ofNodes()}`,
    available: `(container_fs_limit_bytes${ofNodes()} - container_fs_usage_bytes${ofNodes()})`,
    size: `container_fs_limit_bytes${ofNodes()}`,
    by: "max by (instance, device)",
    name: "{{ $labels.device }} of {{ $labels.instance }}",
  },
} as const;

/** All of a node, and on disks alone: what lies in memory is not meant. */
function ofNodes(): string {
  return '{job="kubelet", id="/", device=~"/dev/.+", device!="/dev/shm"}';
}

type Place = (typeof places)[keyof typeof places];

function share({ available, size, by }: Place): string {
  return `${by} (${available} / ${size})`;
}

/** Whether it is full after that many seconds, if it goes on as it did in the window. */
function fullIn({ used, size, by }: Place, seconds: number, window: string): string {
  return `${by} (predict_linear(${used}[${window}], ${seconds}) / ${size}) > 1`;
}

/** Full in hours, if nobody does anything: a disk that is full takes PostgreSQL down, and messages with it. */
function nearlyFull(place: Place): string {
  return `${share(place)} < 0.05 or (${share(place)} < 0.3 and ${fullIn(place, 6 * HOUR, "1h")})`;
}

/** Full in days. */
function fillingUp(place: Place): string {
  return `${share(place)} < 0.15 or (${share(place)} < 0.5 and ${fullIn(place, 7 * DAY, "1d")})`;
}

const LEFT = "{{ $value | humanizePercentage }} are left";
const CONTAINER = "on (namespace, pod, container)";

/** What runs out, and what is stopped because it ran out. */
export const capacityAlerts: AlertGroup = {
  name: "capacity",
  rules: [
    page("VolumeNearlyFull", nearlyFull(places.volume), {
      for: "5m",
      summary: `${places.volume.name} is about to be full: ${LEFT}`,
      description: "What writes to it stops when it is, PostgreSQL first. Make it larger now.",
    }),
    ticket("VolumeFillingUp", fillingUp(places.volume), {
      for: "1h",
      summary: `${places.volume.name} will be full within a week: ${LEFT}`,
      description: "Make it larger, or keep less: the dashboard of capacity says when it is full.",
    }),
    ticket(
      "VolumeInodesRunOut",
      'max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes_free{job="kubelet"} / kubelet_volume_stats_inodes{job="kubelet"}) < 0.1',
      {
        for: "15m",
        summary: `${places.volume.name} has room for few more files: ${LEFT}`,
        description: "No file can be made when none is left, however much space there is.",
      },
    ),
    page("FileSystemNearlyFull", nearlyFull(places.fileSystem), {
      for: "5m",
      summary: `${places.fileSystem.name} is about to be full: ${LEFT}`,
      description: "The kubelet stops pods before it is, and what writes to it fails. Make room now.",
    }),
    ticket("FileSystemFillingUp", fillingUp(places.fileSystem), {
      for: "1h",
      summary: `${places.fileSystem.name} will be full within a week: ${LEFT}`,
      description: "Make room, or make it larger: the dashboard of servers says when it is full.",
    }),
    ticket(
      "ContainerMemoryNearLimit",
      // PostgreSQL is left out: its page cache counts as its own, and is given back.
      `max by (namespace, pod, container) (container_memory_working_set_bytes{job="kubelet", container!="", container!="postgres"})
        / ${CONTAINER} max by (namespace, pod, container) (kube_pod_container_resource_limits{job="kube-state-metrics", resource="memory"}) > 0.92`,
      {
        for: "30m",
        summary: "{{ $labels.container }} in {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory",
        description: "It is stopped when it wants more, in the middle of what it does. make tune says what it needs.",
      },
    ),
    ticket(
      "ContainerKilledForMemory",
      `max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{job="kube-state-metrics", reason="OOMKilled"}) == 1
        and ${CONTAINER} max by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[1h])) > 0`,
      {
        summary:
          "{{ $labels.container }} in {{ $labels.pod }} was stopped because it wanted more memory than it may have",
        description: "It will be again. make tune says what it needs, and which setting gives it.",
      },
    ),
    ticket(
      "ContainerRestartsAgainAndAgain",
      'max by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[15m])) > 2',
      {
        summary:
          "{{ $labels.container }} in {{ $labels.pod }} has ended {{ $value | humanize }} times within 15 minutes",
        description: "What it wrote before it ended says why: kubectl logs --previous.",
      },
    ),
    ticket(
      "PodPending",
      'max by (namespace, pod) (kube_pod_status_phase{job="kube-state-metrics", phase="Pending"}) == 1',
      {
        for: "15m",
        summary: "{{ $labels.pod }} cannot start",
        description: "No node has room for it, or its image or its volume is not there: its events say which.",
      },
    ),
    ticket(
      "ReplicasMissing",
      `(kube_statefulset_replicas{job="kube-state-metrics"} - kube_statefulset_status_replicas_ready{job="kube-state-metrics"} > 0)
        or (kube_deployment_spec_replicas{job="kube-state-metrics"} - kube_deployment_status_replicas_available{job="kube-state-metrics"} > 0)`,
      {
        for: "15m",
        summary: "{{ $labels.statefulset }}{{ $labels.deployment }} lacks {{ $value }} of its pods",
        description: "What is left carries the load alone, if anything is left.",
      },
    ),
    ticket(
      "NodeNotReady",
      'max by (node) (kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"}) == 0',
      {
        for: "3m",
        summary: "Node {{ $labels.node }} does not report",
        description:
          "Its pods go on at best, and are moved after some minutes at worst. Look at its kubelet, and at the machine.",
      },
    ),
    page(
      "NodeUnderPressure",
      'max by (node, condition) (kube_node_status_condition{job="kube-state-metrics", condition=~"DiskPressure|MemoryPressure|PIDPressure", status="true"}) == 1',
      {
        for: "5m",
        summary: "Node {{ $labels.node }} runs out of something: {{ $labels.condition }}",
        description: "It takes no more pods and stops some that it has. Make room.",
      },
    ),
  ],
};
