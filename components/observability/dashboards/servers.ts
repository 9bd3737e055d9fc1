import { type Dashboard, query, type Row } from "./panel.ts";

const JOB = 'job="node"';
/** File systems on disks. */
const FILES = `${JOB}, device=~"/dev/.+"`;
/** All of a node, as its kubelet sees it. */
const NODE = 'job="kubelet", id="/"';
const DISKS = `${NODE}, device=~"/dev/.+", device!="/dev/shm"`;
const LINKS = `${NODE}, interface!~"lo|veth.*|cali.*|cni.*"`;

/** What machines say of themselves where they are described; of nodes that are somebody else's nobody knows it. */
const described: readonly Row[] = [
  {
    title: "Arrays, disks and volumes",
    panels: [
      {
        title: "Arrays that run",
        description: "One that does not has lost more disks than it survives.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance, array) (roost_array_active{${JOB}})`, "{{instance}} {{array}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Disks that arrays lack",
        description: "How many each may lose, make servers says.",
        unit: "none",
        queries: [query(`max by (instance, array) (roost_array_missing_members{${JOB}})`, "{{instance}} {{array}}")],
        limits: { bad: "above", warn: 1, alarm: 2 },
        range: { min: 0 },
      },
      {
        title: "Arrays that are checked or rebuilt",
        description: "Until it has ended, an array that lacks a disk cannot spare another.",
        kind: "bars",
        unit: "bool",
        queries: [query(`max by (instance, array) (roost_array_syncing{${JOB}})`, "{{instance}} {{array}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Disks that are there",
        description: "Each that is described.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance, disk) (roost_disk_present{${JOB}})`, "{{instance}} {{disk}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Disks that say that they are well",
        description: "By SMART. One that says no will fail soon: replace it while the array has all of its disks.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance, disk) (roost_disk_healthy{${JOB}})`, "{{instance}} {{disk}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Volumes that are mounted",
        description: "What needs one that is not does not run.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance, mountpoint) (roost_volume_mounted{${JOB}})`, "{{instance}} {{mountpoint}}")],
        words: { "0": "no", "1": "yes" },
        width: 12,
      },
      {
        title: "Used, of each mounted file system",
        description: "As the machine itself counts it, whether its kubelet may be asked or not.",
        unit: "percentunit",
        queries: [
          query(
            `1 - min by (instance, mountpoint) (node_filesystem_avail_bytes{${FILES}} / node_filesystem_size_bytes{${FILES}})`,
            "{{instance}} {{mountpoint}}",
          ),
        ],
        limits: { bad: "above", warn: 0.85, alarm: 0.95 },
        range: { min: 0, max: 1 },
        width: 24,
      },
    ],
  },
  {
    title: "System",
    panels: [
      {
        title: "Packet filter is the one that is described",
        description: "Which one else it is, roost-firewall state says.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance) (roost_firewall_kept{${JOB}})`, "{{instance}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Clock follows a server",
        description: "Certificates and logs need the right time.",
        kind: "bars",
        unit: "bool",
        queries: [query(`min by (instance) (node_timex_sync_status{${JOB}})`, "{{instance}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Waits for a reboot",
        description: "Within its maintenance window an update ends with one.",
        kind: "bars",
        unit: "bool",
        queries: [query(`max by (instance) (roost_reboot_required{${JOB}})`, "{{instance}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Files of the system have changed",
        description: "As AIDE has found last.",
        kind: "bars",
        unit: "bool",
        queries: [query(`max by (instance) (roost_integrity_changed{${JOB}})`, "{{instance}}")],
        words: { "0": "no", "1": "yes" },
      },
      {
        title: "Differs from its description",
        description: "Checks of the last audit, without notes.",
        kind: "table",
        unit: "none",
        queries: [
          query(
            `sum by (server) (roost_server_audit_checks{${JOB}, outcome="differs", severity=~"critical|warning"})`,
            "{{server}}",
          ),
        ],
      },
      {
        title: "Certificate of its metrics ends",
        description: "It is renewed by make up, and brought to the machine by make servers-configure.",
        kind: "table",
        unit: "dateTimeFromNow",
        queries: [query(`min by (instance) (roost_certificate_end_timestamp_seconds{${JOB}}) * 1000`, "{{instance}}")],
      },
    ],
  },
];

/** What is known of all nodes. */
const ofNodes: readonly Row[] = [
  {
    title: "Machines",
    panels: [
      {
        title: "Nodes that report",
        description: "As Kubernetes sees them.",
        kind: "bars",
        unit: "bool",
        queries: [
          query(
            'max by (node) (kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"})',
            "{{node}}",
          ),
        ],
        words: { "0": "no", "1": "yes" },
        width: 12,
      },
      {
        title: "Up since",
        description: "When each was last started.",
        kind: "table",
        unit: "dateTimeFromNow",
        queries: [query(`max by (instance) (node_boot_time_seconds{${JOB}}) * 1000`, "{{instance}}")],
      },
      {
        title: "Processors",
        description: "Share that is used, of all.",
        unit: "percentunit",
        queries: [
          query(
            `1 - avg by (instance) (rate(node_cpu_seconds_total{${JOB}, mode="idle"}[$__rate_interval]))`,
            "{{instance}}",
          ),
        ],
        range: { min: 0, max: 1 },
      },
      {
        title: "Memory",
        description: "Share that could not be given to somebody else.",
        unit: "percentunit",
        queries: [
          query(`1 - node_memory_MemAvailable_bytes{${JOB}} / node_memory_MemTotal_bytes{${JOB}}`, "{{instance}}"),
        ],
        limits: { bad: "above", warn: 0.85, alarm: 0.95 },
        range: { min: 0, max: 1 },
      },
    ],
  },
  {
    title: "Disks and network",
    panels: [
      {
        title: "Used, of each file system",
        description: "Somebody is woken at 95 %.",
        unit: "percentunit",
        queries: [
          query(
            `max by (instance, device) (container_fs_usage_bytes{${DISKS}} / container_fs_limit_bytes{${DISKS}})`,
            "{{instance}} {{device}}",
          ),
        ],
        limits: { bad: "above", warn: 0.85, alarm: 0.95 },
        range: { min: 0, max: 1 },
      },
      {
        title: "File systems are full in",
        description: "If each goes on growing as within the last day. Empty: it does not grow.",
        kind: "table",
        unit: "s",
        queries: [
          query(
            `max by (instance, device) (container_fs_limit_bytes{${DISKS}} - container_fs_usage_bytes{${DISKS}}) / (max by (instance, device) (deriv(container_fs_usage_bytes{${DISKS}}[1d])) > 0)`,
            "{{instance}} {{device}}",
          ),
        ],
      },
      {
        title: "Disks are busy",
        description: "Share of the time in which each does something. Near 100 % everything waits.",
        unit: "percentunit",
        queries: [query(`rate(node_disk_io_time_seconds_total{${JOB}}[$__rate_interval])`, "{{instance}} {{device}}")],
        range: { min: 0 },
      },
      {
        title: "Network",
        description: "Received and sent, by interface of the machine.",
        unit: "Bps",
        queries: [
          query(
            `rate(container_network_receive_bytes_total{${LINKS}}[$__rate_interval])`,
            "{{instance}} {{interface}} received",
          ),
          query(
            `rate(container_network_transmit_bytes_total{${LINKS}}[$__rate_interval])`,
            "{{instance}} {{interface}} sent",
          ),
        ],
      },
    ],
  },
];

export function serversDashboard({ servers }: { readonly servers: boolean }): Dashboard {
  return {
    part: "servers",
    title: "Servers",
    description: "The machines, or the nodes, that carry the environment.",
    rows: [...ofNodes, ...(servers ? described : [])],
  };
}
