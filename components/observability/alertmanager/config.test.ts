import { describe, expect, it } from "@jest/globals";
import type { DeadMansSwitch, Receiver } from "../settings.ts";
import type { AlertmanagerConfigArgs } from "./config.ts";
import { alertmanagerConfig, DEAD_MANS_SWITCH } from "./config.ts";

const outside = { cidrs: ["192.0.2.40/32"] };
const both = ["page", "ticket"] as const;
const onCall: Receiver = {
  ...{ kind: "webhook", name: "on-call", severities: ["page"], url: "https://alerts.example.org/", ...outside },
  token: "secret of on-call",
};
const mail: Receiver = {
  ...{ kind: "email", name: "mail", severities: both, to: "on-call@example.org", from: "roost@example.org" },
  ...{ relay: "mail.example.org:587", username: "roost", password: "secret of mail", ...outside },
};
const room: Receiver = {
  ...{ kind: "matrix", name: "room", severities: both, room: "!abc:example.org", token: "secret of room" },
  homeserver: { kind: "own" },
};
const deadMansSwitch: DeadMansSwitch = { url: "https://watchdog.example.org/", everyMinutes: 5, ...outside };
const reach = new Map([
  ["on-call", { caConfigMap: "receiver-on-call-ca" }],
  ["room", { caConfigMap: "roost-ca", homeserver: "https://synapse.roost.svc:8443" }],
]);

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
}

function configuration(changes: Partial<AlertmanagerConfigArgs> = {}) {
  const args = { receivers: [onCall, mail, room], reach, inhibitions: [], ...changes };
  const made: { route: Route; receivers: { name: string }[] } = JSON.parse(JSON.stringify(alertmanagerConfig(args)));
  return made;
}

const receiver = (name: string, changes: Partial<AlertmanagerConfigArgs> = {}) =>
  configuration(changes).receivers.find((each) => each.name === name);

describe("Alertmanager's configuration", () => {
  it("tells each receiver of the severities that it was given", () => {
    expect(receiver("page")).toMatchObject({
      webhook_configs: [{ url: onCall.url }, { url: expect.stringContaining("/rooms/!abc%3Aexample.org/send/") }],
      email_configs: [{ to: "on-call@example.org", require_tls: true }],
    });
    expect(JSON.stringify(receiver("ticket"))).not.toContain("alerts.example.org");
  });

  it("takes what says nothing of its severity for a page", () => {
    expect(configuration().route.receiver).toBe("page");
  });

  it("has a dead man's switch hear what nobody is told, and nobody where there is none", () => {
    const heartbeats = ({ route }: { route: Route }) =>
      route.routes?.find(({ matchers }) => matchers?.includes('severity="heartbeat"'))?.receiver;
    expect(heartbeats(configuration())).toBe("nobody");
    expect(heartbeats(configuration({ deadMansSwitch }))).toBe(DEAD_MANS_SWITCH);
    expect(receiver(DEAD_MANS_SWITCH, { deadMansSwitch })).toMatchObject({
      webhook_configs: [{ url: deadMansSwitch.url, send_resolved: false }],
    });
  });

  it("holds no secret: each is in a file", () => {
    const text = JSON.stringify(
      configuration({ deadMansSwitch: { ...deadMansSwitch, token: "secret of the switch" } }),
    );
    expect(text).not.toContain("secret of");
    for (const file of ["on-call-secret", "mail-secret", "room-secret", `${DEAD_MANS_SWITCH}-secret`])
      expect(text).toContain(`/secrets/${file}`);
  });

  it("verifies receivers by their authority", () => {
    expect(receiver("page")).toMatchObject({
      webhook_configs: [
        { http_config: { tls_config: { ca_file: "/ca/receiver-on-call-ca/ca.crt" } } },
        { http_config: { tls_config: { ca_file: "/ca/roost-ca/ca.crt" } } },
      ],
    });
  });
});
