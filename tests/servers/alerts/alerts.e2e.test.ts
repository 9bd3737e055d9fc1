/** Rules about machines, judged by Prometheus' own tool: they are read, and fire on what they are for alone. */
import { describe, expect, jest, test } from "@jest/globals";
import { serverAlerts } from "../../../components/servers/alerts.ts";
import { type Labels, labelsOf, type RuleTest, ruleComplaints } from "../../promtool.ts";

jest.setTimeout(5 * 60_000);

const MINUTES_PER_DAY = 24 * 60;
const DAY = MINUTES_PER_DAY * 60;
const machine = { instance: "office" };
const checks = { server: "office", area: "access", severity: "critical" };

/** Series that raise each alert, the labels by which it is known then, and the same machine when all is well. */
const stories: Readonly<
  Record<string, { readonly wrong: RuleTest["series"]; readonly right: RuleTest["series"]; readonly minutes?: number }>
> = {
  ServerArrayDown: {
    wrong: { 'roost_array_active{array="data"}': "0" },
    right: { 'roost_array_active{array="data"}': "1" },
  },
  ServerArrayDegraded: {
    wrong: { 'roost_array_missing_members{array="data"}': "1", 'roost_array_active{array="data"}': "1" },
    right: { 'roost_array_missing_members{array="data"}': "0", 'roost_array_active{array="data"}': "1" },
  },
  ServerDiskMissing: {
    wrong: { 'roost_disk_present{disk="virtio-m1"}': "0" },
    right: { 'roost_disk_present{disk="virtio-m1"}': "1" },
  },
  ServerDiskFailing: {
    wrong: { 'roost_disk_healthy{disk="virtio-m1"}': "0" },
    right: { 'roost_disk_healthy{disk="virtio-m1"}': "1" },
  },
  ServerVolumeNotMounted: {
    wrong: { 'roost_volume_mounted{mountpoint="/srv/postgres"}': "0" },
    right: { 'roost_volume_mounted{mountpoint="/srv/postgres"}': "1" },
  },
  ServerPacketFilterNotKept: { wrong: { roost_firewall_kept: "0" }, right: { roost_firewall_kept: "1" } },
  ServerFilesChanged: { wrong: { roost_integrity_changed: "1" }, right: { roost_integrity_changed: "0" } },
  ServerRebootPending: {
    wrong: { roost_reboot_required: "1" },
    right: { roost_reboot_required: "0" },
    minutes: 9 * MINUTES_PER_DAY,
  },
  ServerTimeNotSynchronised: { wrong: { node_timex_sync_status: "0" }, right: { node_timex_sync_status: "1" } },
  ServerCertificateEndsSoon: {
    wrong: { roost_certificate_end_timestamp_seconds: `${29 * DAY}` },
    right: { roost_certificate_end_timestamp_seconds: `${31 * DAY}` },
    minutes: 120,
  },
  ServerMetricsStale: {
    wrong: { 'node_textfile_mtime_seconds{file="/var/lib/prometheus/node-exporter/roost.prom"}': "0" },
    // Written each minute.
    right: { 'node_textfile_mtime_seconds{file="/var/lib/prometheus/node-exporter/roost.prom"}': "0+60" },
  },
  ServerNotAsDescribed: {
    wrong: { [`roost_server_audit_checks${labels({ ...checks, outcome: "differs" })}`]: "2" },
    right: {
      [`roost_server_audit_checks${labels({ ...checks, outcome: "differs" })}`]: "0",
      [`roost_server_audit_checks${labels({ ...checks, severity: "note", outcome: "differs" })}`]: "3",
      [`roost_server_audit_checks${labels({ ...checks, outcome: "same" })}`]: "80",
    },
  },
  ServerUpdatesPending: {
    wrong: { [`roost_server_audit_checks${labels({ ...checks, ...updates("differs") })}`]: "1" },
    right: { [`roost_server_audit_checks${labels({ ...checks, ...updates("same") })}`]: "1" },
    minutes: 4 * MINUTES_PER_DAY,
  },
  ServerNotAudited: {
    wrong: { 'roost_server_audit_timestamp_seconds{server="office"}': "0" },
    right: {
      'roost_server_audit_timestamp_seconds{server="office"}': "0+60",
      'roost_server_audit_complete{server="office"}': "1",
    },
    minutes: 2 * MINUTES_PER_DAY,
  },
};

function updates(outcome: string) {
  return { area: "updates", severity: "warning", outcome };
}

function labels(pairs: Readonly<Record<string, string>>): string {
  return `{${Object.entries(pairs)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}}`;
}

/** Labels that an alert has of its first series: a rule that sums keeps only what it sums by. */
function knownBy(alert: string, series: RuleTest["series"]): Labels {
  const expr = serverAlerts().rules.find((rule) => rule.alert === alert)?.expr ?? "";
  const [first = ""] = Object.keys(series);
  const all = { ...labelsOf(first), ...machine };
  const [, by] = /^sum by \((\w+)\)/.exec(expr) ?? [];
  return by === undefined ? all : { [by]: labelsOf(first)[by] ?? "" };
}

describe("Prometheus", () => {
  test("has a story of every alert", () => {
    expect(Object.keys(stories)).toEqual(serverAlerts().rules.map(({ alert }) => alert));
  });

  test.each(Object.entries(stories))("tells %s, and keeps still when all is well", async (alert, story) => {
    const minutes = story.minutes ?? 60;
    const complaints = await ruleComplaints(
      [serverAlerts()],
      [
        { series: story.wrong, labels: machine, minutes, alert, firing: [knownBy(alert, story.wrong)] },
        { series: story.right, labels: machine, minutes, alert, firing: [] },
      ],
    );
    expect(complaints).toBe("");
  });

  test("tells of a machine that has never written any metrics of its disks", async () => {
    const complaints = await ruleComplaints(
      [serverAlerts()],
      [
        {
          series: { 'up{job="node"}': "1" },
          labels: machine,
          minutes: 60,
          alert: "ServerMetricsStale",
          firing: [{ job: "node", ...machine }],
        },
      ],
    );
    expect(complaints).toBe("");
  });

  test("refuses a rule that it cannot read", async () => {
    const [rule] = serverAlerts().rules;
    if (rule === undefined) throw new Error("there are no rules");
    const broken = { name: "servers", rules: [{ ...rule, expr: "roost_array_active = 0" }] };
    expect(await ruleComplaints([broken], [])).toContain("parse error");
  });
});
