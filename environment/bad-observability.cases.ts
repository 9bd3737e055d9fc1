/** Hostile settings of monitoring, for the same tests as the others. */
import { issueCertificate } from "../tests/issue-certificate.ts";
import type { BadSetting } from "./bad-settings.cases.ts";

const observability = (settings: object) => ({ "roost:observability": JSON.stringify({ kind: "on", ...settings }) });
const receivers = (...list: readonly object[]) => observability({ receivers: list });

const outside = { cidrs: ["192.0.2.40/32"] };
const webhook = { kind: "webhook", name: "on-call", url: "https://alerts.roost.test/roost", ...outside };
const email = {
  ...{ kind: "email", name: "mail", to: "on-call@roost.test", from: "roost@roost.test" },
  ...{ relay: "mail.roost.test:587", ...outside },
};
const matrix = { kind: "matrix", name: "room", room: "!room:roost.test", token: "syt_letmein" };
const remote = { url: "https://metrics.roost.test/api/v1/write", ...outside };
const server = issueCertificate({ hosts: ["alerts.roost.test"] });
const R = "observability.receivers";
const upstream = { "roost:images": '{"source":"upstream"}' };
const accounts = (rights: object) => ({
  "roost:identity": JSON.stringify({
    kind: "sso",
    directory: {
      kind: "embedded",
      people: { ada: { givenName: "Ada", surname: "Lovelace", groups: ["it"] } },
      groups: { it: {} },
    },
    rights,
  }),
});
const withAccounts = accounts({ administrators: ["it"] });

export const badObservability: readonly BadSetting[] = [
  {
    title: "monitoring of a kind that is none",
    config: { "roost:observability": '{"kind":"grafana"}' },
    path: "observability.kind",
    given: '"grafana"',
    remedy: '"on"',
  },
  {
    title: "metrics that are kept for no time",
    config: observability({ retentionDays: 0 }),
    path: "observability.retentionDays",
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "receivers where nothing is watched",
    config: { "roost:observability": JSON.stringify({ kind: "off", receivers: [webhook] }) },
    path: "observability.receivers",
    remedy: 'choose kind "on"',
  },
  {
    title: "a receiver by plain HTTP",
    config: receivers({ ...webhook, url: "http://alerts.roost.test/" }),
    path: `${R}.0.url`,
    given: '"http://alerts.roost.test/"',
    remedy: "https://",
  },
  {
    title: "a receiver that is everywhere",
    config: receivers({ ...webhook, cidrs: ["0.0.0.0/0"] }),
    path: `${R}.0.cidrs.0`,
    given: '"0.0.0.0/0"',
    remedy: "/32",
  },
  {
    title: "a receiver at a port that is none",
    config: receivers({ ...webhook, url: "https://alerts.roost.test:99999/" }),
    path: `${R}.0.url`,
    given: "99999",
    remedy: "the port that the server listens on",
  },
  {
    title: "a receiver's own certificate for its authority's",
    config: receivers({ ...webhook, caPem: server.certificatePem }),
    path: `${R}.0.caPem`,
    remedy: "the authority's certificate",
  },
  {
    title: "two receivers of one name",
    config: receivers(webhook, { ...email, name: "on-call" }),
    path: `${R}.1.name`,
    given: '"on-call"',
    remedy: 'write "on-call-2"',
  },
  {
    title: "a receiver that is told of nothing",
    config: receivers({ ...webhook, severities: [] }),
    path: `${R}.0.severities`,
    remedy: "page",
  },
  {
    title: "an alias for a room",
    config: receivers({ ...matrix, room: "#alerts:roost.test" }),
    path: `${R}.0.room`,
    given: '"#alerts:roost.test"',
    remedy: "!",
    hidden: matrix.token,
  },
  {
    title: "a room's token in plain text",
    config: receivers(matrix),
    path: `${R}.0.token`,
    remedy: `--secret --path roost:${R}.0.token`,
    hidden: matrix.token,
  },
  {
    title: "a mail relay without its port",
    config: receivers({ ...email, relay: "mail.roost.test" }),
    path: `${R}.0.relay`,
    given: '"mail.roost.test"',
    remedy: "587",
  },
  {
    title: "a user of mail without a password",
    config: receivers({ ...email, username: "roost" }),
    path: `${R}.0.password`,
    remedy: "--secret",
  },
  {
    title: "a dead man's switch that is told once a day",
    config: observability({ deadMansSwitch: { url: "https://watchdog.roost.test/", everyMinutes: 1440, ...outside } }),
    path: "observability.deadMansSwitch.everyMinutes",
    given: "1440",
    remedy: "write 60 or less",
  },
  {
    title: "a password of the remote store in plain text",
    config: observability({ remoteWrite: { ...remote, username: "roost", password: "correct-horse" } }),
    path: "observability.remoteWrite.password",
    remedy: "--secret",
    hidden: "correct-horse",
  },
  {
    title: "a remote store whose address has other bits set",
    config: observability({ remoteWrite: { ...remote, cidrs: ["192.0.2.40/24"] } }),
    path: "observability.remoteWrite.cidrs.0",
    given: '"192.0.2.40/24"',
    remedy: 'write "192.0.2.0/24"',
  },
  {
    title: "logs that are kept for no time",
    config: observability({ logs: { kind: "on", retentionDays: 0 } }),
    path: "observability.logs.retentionDays",
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "a volume for logs that nobody collects",
    config: observability({ logs: { kind: "off", storageGiB: 10 } }),
    path: "observability.logs.storageGiB",
    remedy: 'choose kind "on"',
  },
  {
    title: "a collector that keeps next to nothing",
    config: observability({ logs: { kind: "on", bufferMiB: 1 } }),
    path: "observability.logs.bufferMiB",
    given: "1",
    remedy: "write 16 or more",
  },
  {
    title: "a Grafana among images that are built",
    config: { ...withAccounts, ...observability({ grafana: { kind: "on" } }) },
    path: "observability.grafana.kind",
    given: '"on"',
    remedy: 'write roost:images.source "upstream"',
  },
  {
    title: "a Grafana that nobody can sign in to",
    config: { ...upstream, ...observability({ grafana: { kind: "on" } }) },
    path: "observability.grafana.kind",
    given: '"on"',
    remedy: 'write "off"',
  },
  {
    title: "a Grafana for nobody",
    config: { ...upstream, ...accounts({}), ...observability({ grafana: { kind: "on" } }) },
    path: "observability.grafana.groups",
    remedy: 'write for example ["it"]',
  },
  {
    title: "a Grafana for a group that is none",
    config: { ...upstream, ...withAccounts, ...observability({ grafana: { kind: "on", groups: ["itt"] } }) },
    path: "observability.grafana.groups.0",
    given: '"itt"',
    remedy: 'did you mean "it"?',
  },
  {
    title: "a Grafana under the name of the sign-in page",
    config: { ...upstream, ...withAccounts, ...observability({ grafana: { kind: "on", host: "id.roost.test" } }) },
    path: "observability.grafana.host",
    given: '"id.roost.test"',
    remedy: 'write "grafana.roost.test"',
  },
];

/** What is right although it is little or much. */
export const goodObservability: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "an environment that nobody watches": { "roost:observability": '{"kind":"off"}' },
  "an environment whose logs stay on the nodes": observability({ logs: { kind: "off" } }),
  "a Grafana for those who administer": { ...upstream, ...withAccounts, ...observability({ grafana: { kind: "on" } }) },
  "logs for half a year": observability({ logs: { kind: "on", retentionDays: 180, bufferMiB: 1024 } }),
  "receivers of each kind that needs no secret, a dead man's switch and a remote store": observability({
    receivers: [webhook, { ...email, severities: ["page"] }],
    deadMansSwitch: { url: "https://watchdog.roost.test/", ...outside },
    remoteWrite: remote,
  }),
};
