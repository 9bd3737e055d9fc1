/** Pure: who is told of what. */
import type { Inhibition } from "../alerts/index.ts";
import type { DeadMansSwitch, EmailReceiver, MatrixReceiver, Receiver, WebhookReceiver } from "../settings.ts";
import { caFile, folders } from "../web.ts";

/** Where receivers are, by their names: what {@link connectOutside} and the homeserver's endpoint gave. */
export interface Reach {
  /** ConfigMap with the authority of the server. @default public authorities */
  readonly caConfigMap?: string;
  /** Of a Matrix room: the homeserver's address. */
  readonly homeserver?: string;
}

export interface AlertmanagerConfigArgs {
  readonly receivers: readonly Receiver[];
  readonly deadMansSwitch?: DeadMansSwitch | undefined;
  readonly reach: ReadonlyMap<string, Reach>;
  readonly inhibitions: readonly Inhibition[];
}

/** What the dead man's switch is called among the receivers, whose names have no underscore. */
export const DEAD_MANS_SWITCH = "dead_mans_switch";
const NOBODY = "nobody";

/** File with a receiver's secret. */
export function secretFile(receiver: string): string {
  return `${receiver}-secret`;
}

/**
 * What people read in a room, as a string of JSON: Alertmanager reads any other text as YAML, and makes of it whatever that
 * would be. Hence each value has its quotes taken off, and the whole has its own.
 */
const ROOM_TEXT = [
  String.raw`{{ define "value" }}{{ reReplaceAll "^\"|\"$" "" (toJson .) }}{{ end }}`,
  '"[{{ .Status | toUpper }}] {{ template "value" .CommonLabels.severity }}, {{ template "value" .CommonLabels.component }}',
  String.raw`{{ range .Alerts }}\n{{ template "value" .Labels.alertname }}: {{ if eq .Status "firing" }}{{ template "value" .Annotations.summary }}\n`,
  '{{ template "value" .Annotations.description }} {{ template "value" .Annotations.runbook_url }}{{ else }}over{{ end }}{{ end }}"',
].join("");

/**
 * Alerts of one part and severity come together, so that one fault is one message; what follows from what is told already
 * is kept back by the inhibitions.
 *
 * @source https://prometheus.io/docs/alerting/latest/configuration/
 */
export function alertmanagerConfig(args: AlertmanagerConfigArgs): object {
  const { receivers, deadMansSwitch, inhibitions } = args;
  return {
    route: {
      // What says nothing of its severity had better be seen.
      receiver: "page",
      group_by: ["severity", "component"],
      group_wait: "20s",
      group_interval: "2m",
      repeat_interval: "4h",
      routes: [
        {
          matchers: ['severity="heartbeat"'],
          receiver: deadMansSwitch === undefined ? NOBODY : DEAD_MANS_SWITCH,
          group_wait: "0s",
          group_interval: "30s",
          repeat_interval: `${deadMansSwitch?.everyMinutes ?? 60}m`,
        },
        { matchers: ['severity="ticket"'], receiver: "ticket", repeat_interval: "24h" },
      ],
    },
    inhibit_rules: inhibitions,
    receivers: [
      { name: NOBODY },
      ...(["page", "ticket"] as const).map((severity) => ({
        name: severity,
        ...integrations(
          receivers.filter(({ severities }) => severities.includes(severity)),
          args.reach,
        ),
      })),
      ...(deadMansSwitch === undefined ? [] : [heartbeat(deadMansSwitch, args.reach)]),
    ],
  };
}

function integrations(receivers: readonly Receiver[], reach: AlertmanagerConfigArgs["reach"]): object {
  const webhooks = receivers.flatMap((receiver) => {
    const found = reach.get(receiver.name) ?? {};
    if (receiver.kind === "webhook") return [webhook(receiver, found)];
    return receiver.kind === "matrix" ? [room(receiver, found)] : [];
  });
  const emails = receivers.flatMap((receiver) =>
    receiver.kind === "email" ? [email(receiver, reach.get(receiver.name) ?? {})] : [],
  );
  return {
    ...(webhooks.length > 0 && { webhook_configs: webhooks }),
    ...(emails.length > 0 && { email_configs: emails }),
  };
}

function webhook({ name, url, token }: Pick<WebhookReceiver, "name" | "url" | "token">, { caConfigMap }: Reach) {
  return { url, send_resolved: true, http_config: http(name, token !== undefined, caConfigMap) };
}

/**
 * Alertmanager knows nothing of Matrix, but it posts whatever JSON it is told to, and a homeserver takes an event by POST.
 * @source https://github.com/element-hq/synapse/blob/v1.163.2/synapse/rest/client/room.py (RoomSendEventRestServlet.on_POST)
 */
function room({ name, room: id }: MatrixReceiver, { caConfigMap, homeserver }: Reach) {
  return {
    url: `${homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(id)}/send/m.room.message`,
    send_resolved: true,
    payload: { msgtype: "m.text", body: ROOM_TEXT },
    http_config: http(name, true, caConfigMap),
  };
}

function email({ name, to, from, relay, username }: EmailReceiver, { caConfigMap }: Reach) {
  return {
    ...{ to, from, smarthost: relay, send_resolved: true, require_tls: true },
    ...(username !== undefined && {
      auth_username: username,
      auth_password_file: `${folders.secrets}/${secretFile(name)}`,
    }),
    ...(caConfigMap !== undefined && { tls_config: { ca_file: caFile(caConfigMap) } }),
  };
}

function heartbeat({ url, token }: DeadMansSwitch, reach: AlertmanagerConfigArgs["reach"]) {
  const receiver = { name: DEAD_MANS_SWITCH, url, token };
  return {
    name: DEAD_MANS_SWITCH,
    webhook_configs: [{ ...webhook(receiver, reach.get(DEAD_MANS_SWITCH) ?? {}), send_resolved: false }],
  };
}

function http(name: string, hasToken: boolean, caConfigMap: string | undefined) {
  return {
    follow_redirects: false,
    ...(hasToken && { authorization: { credentials_file: `${folders.secrets}/${secretFile(name)}` } }),
    ...(caConfigMap !== undefined && { tls_config: { ca_file: caFile(caConfigMap) } }),
  };
}
