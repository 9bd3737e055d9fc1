/** What about machines wakes somebody up: rules for Prometheus, computed from what their windows and audits promise. */

import { LEAF_DAYS } from "../network/index.ts";
import { type AlertGroup, alertsOf } from "../observability/alerts/rule.ts";

export interface ServerAlertsArgs {
  /** How long an update may wait for its reboot: as long as the longest time between two windows, and one more. @default 8 */
  readonly rebootDays?: number;
  /** How old the newest audit may be, in hours: it is meant to run each day. @default 26 */
  readonly auditHours?: number;
}

/** Half of the time in which an update of the stack renews it. */
const CERTIFICATE_DAYS = LEAF_DAYS.renewed / 2;
const WRITTEN = 'node_textfile_mtime_seconds{file=~".*/roost.prom"}';
const MACHINE = "{{ $labels.instance }}";
const AUDITED = "{{ $labels.server }}";

const { page, ticket } = alertsOf("servers");

/** Rules about machines: what `roost-metrics` and the audit write, and what node exporter sees of the clock. */
export function serverAlerts({ rebootDays = 8, auditHours = 26 }: ServerAlertsArgs = {}): AlertGroup {
  return {
    name: "servers",
    rules: [
      page("ServerArrayDown", "roost_array_active == 0", {
        for: "1m",
        summary: `Array {{ $labels.array }} of ${MACHINE} does not run`,
        description: "Its data is not there. The journal of roost-arrays.service says which disks are missing.",
      }),
      page("ServerArrayDegraded", "roost_array_missing_members > 0 and on (instance, array) roost_array_active == 1", {
        for: "1m",
        summary: `Array {{ $labels.array }} of ${MACHINE} lacks {{ $value }} of its disks`,
        description:
          "make servers says whether one more may fail. Replace the disk, describe it, and configure the machine.",
      }),
      page("ServerDiskMissing", "roost_disk_present == 0", {
        for: "5m",
        summary: `Disk {{ $labels.disk }} of ${MACHINE} is not there`,
        description:
          "Look at its bay and its cable. If it is dead: replace it, describe the new one, and configure the machine.",
      }),
      ticket("ServerDiskFailing", "roost_disk_healthy == 0", {
        for: "5m",
        summary: `Disk {{ $labels.disk }} of ${MACHINE} says that it will fail`,
        description: "Replace it while the array still has all of its disks.",
      }),
      page("ServerVolumeNotMounted", "roost_volume_mounted == 0", {
        for: "2m",
        summary: `{{ $labels.mountpoint }} of ${MACHINE} is not mounted`,
        description: "What needs it does not run. If its pool waits for its passphrase: roost-storage open POOL.",
      }),
      page("ServerPacketFilterNotKept", "roost_firewall_kept == 0", {
        for: "10m",
        summary: `The packet filter of ${MACHINE} is not the one that is described`,
        description: "roost-firewall state says which one it is: minimal lets SSH in alone, none filters nothing.",
      }),
      page("ServerFilesChanged", "roost_integrity_changed == 1", {
        for: "0s",
        summary: `Files of the system of ${MACHINE} have changed`,
        description:
          "The journal of roost-integrity.service names them. If it was you: remove /var/lib/aide/roost.db and start roost-integrity.service.",
      }),
      ticket("ServerRebootPending", "roost_reboot_required == 1", {
        for: `${rebootDays}d`,
        summary: `${MACHINE} waits for a reboot, and its windows pass`,
        description: "It runs what was replaced. The journal of roost-reboot.service says what keeps it.",
      }),
      ticket("ServerTimeNotSynchronised", "node_timex_sync_status == 0", {
        for: "15m",
        summary: `The clock of ${MACHINE} follows no server`,
        description: "Certificates and logs need the right time: look at chronyc sources.",
      }),
      ticket(
        "ServerCertificateEndsSoon",
        `roost_certificate_end_timestamp_seconds - time() < ${CERTIFICATE_DAYS} * 86400`,
        {
          for: "1h",
          summary: `The certificate ends in {{ $value | humanizeDuration }} by which ${MACHINE} tells how it is`,
          description:
            "Nothing is known of it afterwards. make up renews it, and make servers-configure brings it there.",
        },
      ),
      // Whatever is written is old news when nothing writes it any more, and no news where nothing ever did.
      ticket(
        "ServerMetricsStale",
        `time() - ${WRITTEN} > 600 or (up{job="node"} == 1 unless on (instance) ${WRITTEN})`,
        {
          for: "5m",
          summary: `${MACHINE} has written no metrics of its disks for ten minutes`,
          description: "No alert about its disks can be trusted: look at the journal of roost-metrics.service.",
        },
      ),
      ticket(
        "ServerNotAsDescribed",
        'sum by (server) (roost_server_audit_checks{outcome="differs", severity=~"critical|warning", area!="updates"}) > 0',
        {
          for: "0s",
          summary: `${AUDITED} differs from its description in {{ $value }} checks`,
          description: `make servers-audit SERVER=${AUDITED} says in which, and what to do.`,
        },
      ),
      ticket(
        "ServerUpdatesPending",
        'sum by (server) (roost_server_audit_checks{outcome="differs", severity="warning", area="updates"}) > 0',
        {
          for: "3d",
          summary: `Updates of ${AUDITED} were not installed in its windows`,
          description: "Look at the journal of apt-daily-upgrade.service, or of dnf-automatic.service.",
        },
      ),
      ticket(
        "ServerNotAudited",
        `roost_server_audit_complete == 0 or time() - roost_server_audit_timestamp_seconds > ${auditHours * 3600}`,
        {
          for: "0s",
          summary: `Nobody knows whether ${AUDITED} is as described`,
          description: `make servers-audit SERVER=${AUDITED} says why it does not answer, or that nobody asks it any more.`,
        },
      ),
    ],
  };
}
