/** What leaves the environment: e-mail and samples, to real servers that are what they say they are, and to no others. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { SMTPServer } from "smtp-server";
import { stringify } from "yaml";
import { eventually } from "../../tests/cluster/command.ts";
import { ask, askJson } from "../../tests/cluster/requests.ts";
import { freePort } from "../../tests/free-port.ts";
import { Files } from "../edge/testing.ts";
import { peerNamed } from "../network/index.ts";
import { alertmanagerConfig } from "./alertmanager/config.ts";
import { alertmanagerWorkload } from "./alertmanager/spec.ts";
import { prometheusConfig, type RemoteWriteTarget } from "./prometheus/config.ts";
import { prometheusWorkload } from "./prometheus/spec.ts";
import type { EmailReceiver } from "./settings.ts";
import { Listener, Program, place, placesOf } from "./testing.ts";
import { webConfiguration } from "./web.ts";

jest.setTimeout(120_000);

const files = new Files();
/** Somebody else's authority, which nobody here has reason to believe. */
const strangers = new Files();
const sizing = { replicas: 1, cpus: 0.1, memoryMiB: 256, storageGiB: 1, retentionDays: 1, retentionMiB: 512 };
const storage = { kind: "scratch", sizeMiB: 64 } as const;
const outside = { cidrs: ["192.0.2.10/32"] };
const ca = { caConfigMap: "roost-ca" };
const account = { username: "roost", password: "hunter2" };

afterAll(() => {
  files.remove();
  strangers.remove();
});

async function metricsAt(port: number): Promise<string> {
  return (await ask(`https://localhost:${port}/metrics`, { caFile: files.caFile })).body;
}

interface Mail {
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly text: string;
}

/** A relay that asks who sends, and keeps what it is given. */
class Relay {
  readonly mails: Mail[] = [];
  /** Whoever tried to sign in. */
  readonly signedIn: string[] = [];
  port = 0;
  private readonly server: SMTPServer;

  /** @param crt its certificate, with the key beside it. @default it offers no TLS */
  constructor(crt?: string) {
    this.server = new SMTPServer({
      ...(crt === undefined
        ? { hideSTARTTLS: true, allowInsecureAuth: true }
        : { cert: readFileSync(crt), key: readFileSync(crt.replace(/crt$/, "key")) }),
      authMethods: ["PLAIN", "LOGIN"],
      onAuth: ({ username = "", password }, _session, done) => {
        this.signedIn.push(username);
        if (username === account.username && password === account.password) done(null, { user: username });
        else done(new Error("wrong password"));
      },
      onData: (stream, { secure, user, envelope }, done) => {
        const from = envelope.mailFrom === false ? undefined : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        text(stream).then((content) => {
          // Long lines are folded.
          this.mails.push({ secure, user, from, to, text: content.replaceAll("=\r\n", "") });
          done();
        }, done);
      },
    });
    // Whoever does not believe its certificate ends the connection.
    this.server.on("error", () => undefined);
  }

  async start(): Promise<void> {
    this.port = await freePort();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.server.listen(this.port, "127.0.0.1", resolve);
    await promise;
  }

  stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.server.close(resolve);
    return promise;
  }
}

describe("e-mail", () => {
  const relay = new Relay(files.issue("relay", ["localhost"]));
  const others: Readonly<Record<string, Relay>> = {
    foreign: new Relay(strangers.issue("relay", ["localhost"])),
    misnamed: new Relay(files.issue("elsewhere", ["mail.example.org"])),
    plain: new Relay(),
  };
  const relays = { mail: relay, ...others };
  let alertmanager: Program;
  let port = 0;

  beforeAll(async () => {
    const places = placesOf(files, "alertmanager", ["alertmanager.roost.svc"]);
    await Promise.all(Object.values(relays).map((each) => each.start()));
    const receivers = Object.entries(relays).map(([name, { port }]): EmailReceiver => {
      place(places, `/secrets/${name}-secret`, account.password);
      return {
        ...{ kind: "email", name, severities: ["page"], to: "on-call@example.org", from: "roost@example.org" },
        ...{ relay: `localhost:${port}`, ...account, ...outside },
      };
    });
    const reach = new Map(receivers.map(({ name }) => [name, ca]));
    const configuration = stringify(alertmanagerConfig({ receivers, inhibitions: [], reach }));
    // People are not kept waiting by tests.
    place(places, "/etc/roost/alertmanager.yml", configuration.replace("group_wait: 20s", "group_wait: 1s"));
    place(places, "/etc/roost/web.yml", webConfiguration);
    const spec = alertmanagerWorkload({
      ...{ peer: peerNamed("alertmanager", "roost"), image: "", sizing, spread: "preferred", storage },
      ...{ caConfigMaps: [], hasSecrets: true },
    });
    port = await freePort();
    alertmanager = await Program.start("alertmanager", spec, places, {
      "listen-address=:9093": `listen-address=127.0.0.1:${port}`,
      "path=/alertmanager": `path=${join(files.folder, "alertmanager-data")}`,
    });
    const alert = {
      labels: { alertname: "SynapseDown", severity: "page", component: "synapse" },
      annotations: { summary: "Synapse does not answer", runbook_url: "docs/runbooks/SynapseDown.md" },
    };
    const tell = () => askJson(`https://localhost:${port}/api/v2/alerts`, { caFile: files.caFile, json: [alert] });
    await eventually("Alertmanager to be told", 30, tell).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${alertmanager.log}`);
    });
  });

  afterAll(async () => {
    await alertmanager?.stop();
    await Promise.all(Object.values(relays).map((each) => each.stop()));
  });

  it("reaches a relay over TLS that is verified, from an account that has signed in", async () => {
    const mail = await eventually("the mail", 30, async () => relay.mails[0]);
    expect(mail).toMatchObject({ secure: true, user: "roost", from: "roost@example.org", to: ["on-call@example.org"] });
    expect(mail.text).toContain("SynapseDown");
    expect(mail.text).toContain("Synapse does not answer");
  });

  it.each([
    ["foreign", "has a certificate of another authority", /certificate signed by unknown authority/],
    ["misnamed", "has a certificate for another name", /certificate is valid for mail\.example\.org, not localhost/],
    ["plain", "offers no TLS", /require_tls.*STARTTLS/],
  ])("does not go to one (%s) that %s, and neither does the password", async (name, _, complaint) => {
    const told = () => alertmanager.log.split("\n").find((line) => complaint.test(line));
    await eventually("Alertmanager to say why", 30, async () => told());
    expect(others[name]).toMatchObject({ mails: [], signedIn: [] });
  });

  it("that does not get out is counted, as the alert about it expects", async () => {
    const failed = /^alertmanager_notification_requests_failed_total\{.*integration="email".*\} ([1-9]\d*)$/m;
    expect(await metricsAt(port)).toMatch(failed);
  });
});

describe("remote write", () => {
  /** Password `hunter2`, as the store keeps it. */
  const hash = "$2b$04$o9.1tHR/yeUCZkfHAhEc.u9V6IPEbwPv3hLJ2ux0njCrDsQz9QaNG";
  const running: Program[] = [];
  let stranger: Listener;
  let [store, port] = [0, 0];

  async function start(name: string, port: number, configuration: object, web: string, ...more: readonly string[]) {
    const places = {
      ...placesOf(files, name, ["prometheus.roost.svc"]),
      "/ca/strangers-ca/ca.crt": strangers.caFile,
    };
    place(places, "/secrets/remote-write-password", account.password);
    place(places, "/etc/roost/prometheus.yml", stringify(JSON.parse(JSON.stringify(configuration))));
    place(places, "/etc/roost/web.yml", web);
    const spec = prometheusWorkload({
      ...{ peer: peerNamed("prometheus", "roost"), image: "", sizing, spread: "preferred", storage },
      ...{ caConfigMaps: [], hasSecrets: true },
    });
    const [container] = spec.containers;
    const containers = container === undefined ? [] : [{ ...container, args: [...(container.args ?? []), ...more] }];
    const program = await Program.start("prometheus", { ...spec, containers }, places, {
      "listen-address=:9090": `listen-address=127.0.0.1:${port}`,
      "path=/prometheus": `path=${join(files.folder, `${name}-data`)}`,
    });
    running.push(program);
    return program;
  }

  /** What the environment's Prometheus is told, but that itself is all that it looks at. */
  function configurationOf(...targets: readonly RemoteWriteTarget[]): object {
    const peer = peerNamed("prometheus", "roost");
    const self = { job: "prometheus", peer, port, path: "/metrics", host: "prometheus.roost.svc", ...ca };
    const written = targets.map((remoteWrite) =>
      prometheusConfig({
        ...{ environment: "roost.test", scrapeSeconds: 1, kubelets: false, alertmanager: self, remoteWrite },
        pods: [{ ...self, answers: "pod", dropped: ["prometheus_build_info"] }],
        names: { hosts: [], edge: { host: "edge", port: 1 }, exporter: { host: "exporter", port: 1, ...ca } },
      }),
    );
    const [first]: { scrape_configs: object[]; remote_write: object[] }[] = JSON.parse(JSON.stringify(written));
    const all: { remote_write: object[] }[] = JSON.parse(JSON.stringify(written));
    const labels = {
      ...{ __meta_kubernetes_pod_ip: "127.0.0.1", __meta_kubernetes_pod_name: "prometheus-0" },
      __meta_kubernetes_namespace: "roost",
    };
    return {
      ...first,
      alerting: undefined,
      rule_files: undefined,
      // What Kubernetes would say of the pods is said here.
      scrape_configs: first?.scrape_configs.slice(0, 1).map((job) => ({
        ...{ ...job, kubernetes_sd_configs: undefined, static_configs: [{ targets: ["pod"], labels }] },
      })),
      remote_write: all.flatMap(({ remote_write }, at) => remote_write.map((each) => ({ ...each, name: `to-${at}` }))),
    };
  }

  beforeAll(async () => {
    stranger = await Listener.start(strangers);
    [store, port] = [await freePort(), await freePort()];
    const users = stringify({ basic_auth_users: { [account.username]: hash } });
    await start("store", store, {}, `${webConfiguration}${users}`, "--web.enable-remote-write-receiver");
    const url = `https://localhost:${store}/api/v1/write`;
    const configuration = configurationOf(
      { url, username: account.username, ...ca },
      { url, username: "somebody", ...ca },
      { url: `https://localhost:${stranger.port}/api/v1/write`, username: account.username, ...ca },
    );
    // What cannot be sent is not waited for when it ends.
    await start("sender", port, configuration, webConfiguration, "--storage.remote.flush-deadline=1s");
  });

  afterAll(async () => {
    await Promise.all(running.map((program) => program.stop()));
    await stranger.stop();
  });

  /** Asks the store, as an account that it knows. */
  async function stored(query: string): Promise<readonly { readonly metric: Readonly<Record<string, string>> }[]> {
    const url = `https://localhost:${store}/api/v1/query?query=${encodeURIComponent(query)}`;
    const credentials = Buffer.from(`${account.username}:${account.password}`).toString("base64");
    const headers = { authorization: `Basic ${credentials}` };
    const { status, body } = await ask(url, { caFile: files.caFile, headers });
    if (status !== 200) throw new Error(`the store answers with ${status}: ${body}`);
    return JSON.parse(body).data.result;
  }

  it("brings every sample to a store that is verified, with the name of the environment", async () => {
    const up = () => stored('up{job="prometheus"} == 1').then((found) => (found.length > 0 ? found : undefined));
    const [found] = await eventually("samples in the store", 60, up);
    expect(found?.metric).toMatchObject({
      ...{ environment: "roost.test", job: "prometheus", namespace: "roost", pod: "prometheus-0" },
      replica: expect.any(String),
    });
  });

  it("brings nothing that is dropped where it is measured", async () => {
    expect(await metricsAt(port)).toMatch(/^prometheus_build_info\{/m);
    expect(await stored("prometheus_build_info")).toEqual([]);
    expect(await stored("prometheus_tsdb_head_series")).toHaveLength(1);
  });

  it("brings nothing to a store that is not verified", async () => {
    const refused = /to-2.*certificate signed by unknown authority/;
    await eventually("the sender to say why", 60, async () => running.find(({ log }) => refused.test(log)));
    expect(stranger.told).toEqual([]);
  });

  it("that waits for a store is measured, as the alert about it expects", async () => {
    const metrics = await metricsAt(port);
    const secondsOf = (metric: string) =>
      Number(
        new RegExp(`^prometheus_remote_storage_${metric}_seconds\\{.*remote_name="to-2".*\\} (.+)$`, "m").exec(
          metrics,
        )?.[1],
      );
    expect(secondsOf("queue_highest_timestamp")).toBeGreaterThan(1_000_000);
    expect(secondsOf("queue_highest_sent_timestamp")).toBe(0);
  });

  it("that a store refuses is counted, as the alert about it expects", async () => {
    const failed = /^prometheus_remote_storage_samples_failed_total\{.*remote_name="to-1".*\} [1-9]/m;
    await eventually("refused samples", 60, async () => (failed.test(await metricsAt(port)) ? true : undefined));
  });
});
