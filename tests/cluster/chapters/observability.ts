import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ruleGroups } from "../../../components/observability/alerts/index.ts";
import { dashboards } from "../../../components/observability/dashboards/index.ts";
import { selectorsOf } from "../../../components/observability/metrics/promql.ts";
import { unknownIn } from "../../../components/observability/metrics/recorded.ts";
import { monitoringCost } from "../../../environment/index.ts";
import { everything } from "../../observability/facts.ts";
import type { AlertReceiver } from "../alert-receiver.ts";
import { eventually } from "../command.ts";
import { exposedBy, metricsOf } from "../exposed.ts";
import { kubectl } from "../kubectl.ts";
import { Monitoring } from "../monitoring.ts";
import { costOf } from "../monitoring-cost.ts";
import { ask, askJson } from "../requests.ts";
import type { Stage } from "../stage.ts";
import { namespacesOf, secretsSeenIn } from "./secrets.ts";

/** Every part whose job is to be there in an environment of this kind. */
const JOBS = [
  ...["alertmanager", "blackbox", "blackbox-exporter", "edge", "kube-state-metrics", "kubelet", "node"],
  ...["loki", "log-collector", "postgres", "postgres-operator", "probe", "prometheus", "synapse"],
];

/** Metrics that are there only where there is what they are about. */
const CONDITIONAL: Readonly<Record<string, string>> = {
  prometheus_remote_storage_samples_failed_total: "a store outside",
  prometheus_remote_storage_queue_highest_timestamp_seconds: "a store outside",
  prometheus_remote_storage_queue_highest_sent_timestamp_seconds: "a store outside",
  cnpg_pg_replication_slots_pg_wal_lsn_diff: "a replication slot",
  alertmanager_cluster_members: "two Alertmanagers",
  loki_discarded_samples_total: "a line that Loki refuses",
};

/** All that the rules and the dashboards of environments ask, but for those about described machines. */
function queries(): readonly string[] {
  const facts = { ...everything, servers: false };
  const shown = dashboards(facts).filter(({ part }) => part !== "servers");
  const panels = shown.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  return [
    ...ruleGroups(facts).flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ...panels.flatMap((panel) => panel.queries.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m"))),
  ];
}

/** Leaves in the traffic what must be found nowhere: a message's body, an access token in a header and in a URL, a password. */
async function plant(stage: Stage): Promise<Readonly<Record<"body" | "token" | "password" | "guess", string>>> {
  const client = (path: string) => stage.urlOf(stage.homeserverHost, `/_matrix/client/v3/${path}`);
  const { caFile } = stage;
  const { user, password } = await stage.account("ada");
  const [body, guess] = [`body-${randomUUID()}`, `guess-${randomUUID()}`];
  const signIn = (secret: string) => {
    const identifier = { type: "m.id.user", user };
    return askJson(client("login"), { caFile, json: { type: "m.login.password", identifier, password: secret } });
  };
  expect((await signIn(guess)).status).toBe(403);
  const { access_token: token }: { access_token: string } = JSON.parse((await signIn(password)).body);
  const authorised = { caFile, headers: { authorization: `Bearer ${token}` } };
  const made = await askJson(client("createRoom"), { ...authorised, json: { name: body } });
  const { room_id: room }: { room_id: string } = JSON.parse(made.body);
  const json = { msgtype: "m.text", body };
  const sent = await askJson(client(`rooms/${encodeURIComponent(room)}/send/m.room.message/${randomUUID()}`), {
    ...authorised,
    method: "PUT",
    json,
  });
  expect(sent.status).toBe(200);
  expect((await ask(client(`sync?timeout=0&access_token=${token}`), { caFile })).status).toBeLessThan(500);
  return { body, token, password, guess };
}

/** What is watched, and that people hear of it. */
export function observability(stage: Stage, receiver: AlertReceiver): void {
  const { namespace } = stage;
  const monitoring = new Monitoring(namespace, stage.caFile);
  const told = (path: string, alertname: string, status: string) =>
    receiver.told.find(
      (each) =>
        each.path === path &&
        each.alerts.some((alert) => alert.labels.alertname === alertname && alert.status === status),
    );

  describe("the monitoring", () => {
    beforeAll(async () => {
      await receiver.start();
      await monitoring.start();
    });

    afterAll(async () => {
      monitoring.stop();
      await receiver.stop();
    });

    it("reaches every target, over TLS that it verifies", async () => {
      const down = async () => (await monitoring.targets()).filter(({ health }) => health !== "up");
      await eventually("every target to be up", 120, async () =>
        (await down()).length === 0 ? true : undefined,
      ).catch(() => undefined);
      expect(await down()).toEqual([]);
      const targets = await monitoring.targets();
      expect(targets.filter(({ scrapeUrl }) => !scrapeUrl.startsWith("https://"))).toEqual([]);
      const jobs = new Set(targets.map(({ labels }) => labels.job));
      expect([...jobs]).toEqual(expect.arrayContaining(JOBS));
    });

    it("can compute every rule", async () => {
      const judged = async () => {
        const rules = await monitoring.rules();
        return rules.every(({ health }) => health !== "unknown") ? rules : undefined;
      };
      const rules = await eventually("every rule to be computed", 120, judged);
      expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
      stage.record("alert_rules", { value: rules.length, unit: "count", n: 1 });
    });

    it("sees what the parts tell, each under its own name", async () => {
      for (const expression of [
        'synapse_federation_client_sent_transactions_total{job="synapse"} or python_info{job="synapse"}',
        'cnpg_collector_up{job="postgres"} == 1',
        'haproxy_process_uptime_seconds{job="edge"} or haproxy_process_start_time_seconds{job="edge"}',
        'kube_pod_status_phase{job="kube-state-metrics", namespace!=""}',
        'kubelet_volume_stats_capacity_bytes{job="kubelet"}',
        'container_memory_working_set_bytes{job="kubelet", container="synapse"}',
        'node_memory_MemAvailable_bytes{job="node"}',
        'probe_ssl_earliest_cert_expiry{job="blackbox"} - time() > 86400 * 300',
        'probe_success{job="blackbox"} == 1',
        'alertmanager_build_info{job="alertmanager"}',
      ]) {
        expect({ expression, found: (await monitoring.query(expression)).length > 0 }).toEqual({
          expression,
          found: true,
        });
      }
    });

    it("is told every metric that a rule or a dashboard asks for", async () => {
      const live = metricsOf(await exposedBy(monitoring, stage.caFile));
      const asked = queries().flatMap((expr) => selectorsOf(expr));
      const known = asked.filter(({ job, metric }) => job !== undefined && live.has(job) && !(metric in CONDITIONAL));
      expect(known.length).toBeGreaterThan(100);
      expect([...new Set(known.flatMap((selector) => unknownIn(selector, live)))]).toEqual([]);
    });

    it("learns nothing of what people say and sign in with", async () => {
      const planted = await plant(stage);
      const asked = Date.now() / 1000;
      // What the traffic has left is in the series once every target has been looked at again.
      const looked = () => monitoring.query(`timestamp(up) <= ${asked}`);
      await eventually("a look at every target", 90, async () => ((await looked()).length === 0 ? true : undefined));
      const exposed = await exposedBy(monitoring, stage.caFile);
      const everything = [await monitoring.series(), ...exposed.map(({ text }) => text)].join("\n");
      expect(everything).toContain("synapse_http_server_response_count");
      expect(Object.entries(planted).filter(([, value]) => everything.includes(value))).toEqual([]);
      expect(await secretsSeenIn(everything, namespacesOf(stage))).toEqual([]);
    });

    it("takes about as much as the plan says", async () => {
      const planned = monitoringCost("single");
      const figures = await costOf(monitoring, planned);
      for (const [name, figure] of Object.entries(figures)) stage.record(name, figure);
      expect(figures.monitoring_series.value).toBeGreaterThan(1000);
      expect(figures.monitoring_series.value).toBeLessThan(planned.series);
    });

    it("is heard by the dead man's switch", async () => {
      await eventually("the dead man's switch to hear it", 120, async () => told("/alive", "Watchdog", "firing"));
    });

    it("tells people of a fault, once, and that it is over", async () => {
      const scale = (replicas: number) =>
        kubectl(["scale", "-n", namespace, "deployment/web", `--replicas=${replicas}`]);
      const begun = Date.now();
      await scale(0);
      try {
        const alert = "EdgeBackendWithoutServers";
        const first = await eventually("people to be told", 240, async () => told("/ticket", alert, "firing"));
        stage.record("alert_seconds", {
          value: (first.atMs - begun) / 1000,
          unit: "s",
          n: 1,
          note: "from the web client's end to the receiver; the rule waits for 60 s of it",
        });
        expect(told("/page", alert, "firing")).toBeUndefined();
        await scale(1);
        await eventually("people to be told that it is over", 300, async () => told("/ticket", alert, "resolved"));
        const times = receiver.told.filter(
          ({ path, alerts }) =>
            path === "/ticket" &&
            alerts.some(({ labels, status }) => labels.alertname === alert && status === "firing"),
        );
        expect(times).toHaveLength(1);
      } finally {
        await scale(1);
        await kubectl(["rollout", "status", "-n", namespace, "deployment/web", "--timeout=120s"]);
      }
    });
  });
}
