/** What somebody is told of each fault: the alerts that it raises, put to a real Alertmanager that keeps some of them quiet. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { inhibitions, isAlert, ruleGroups } from "../../components/observability/alerts/index.ts";
import { programOf } from "../../components/observability/testing.ts";
import { freePort } from "../free-port.ts";
import type { Labels } from "../promtool.ts";
import { everything } from "./facts.ts";

jest.setTimeout(120_000);

const rules = new Map(
  ruleGroups(everything).flatMap((group) => group.rules.filter(isAlert).map((rule) => [rule.alert, rule])),
);

const slo = (name: string) => ({ slo: name });
const synapse = { proxy: "synapse.roost.svc:8443" };
const pod = { namespace: "roost", pod: "synapse-0", container: "synapse" };
const claim = { namespace: "roost", persistentvolumeclaim: "pg-1" };
const chat = { instance: "chat.example.org" };
const office = { instance: "office", array: "data" };

interface Fault {
  /** What it raises, with the labels that tell alerts of one name apart. */
  readonly raises: readonly (readonly [alert: string, labels: Labels])[];
  /** What somebody is told of that. */
  readonly told: readonly string[];
}

const faults: Readonly<Record<string, Fault>> = {
  "Synapse stops": {
    raises: [
      ["MessagesFailing", slo("messages")],
      ["SignInsFailing", slo("sign-ins")],
      ["SynapseDown", {}],
      ["EdgeBackendWithoutServers", synapse],
      ["ReplicasMissing", { statefulset: "synapse" }],
    ],
    told: ["MessagesFailing", "SynapseDown"],
  },
  "PostgreSQL has no primary": {
    raises: [
      ["MessagesFailing", slo("messages")],
      ["SignInsFailing", slo("sign-ins")],
      ["PostgresNoPrimary", {}],
      ["PostgresStandbyMissing", {}],
      ["SynapseWaitsForDatabaseConnection", {}],
      ["SynapseSendSlow", {}],
      ["KeycloakWaitsForDatabaseConnection", { pod: "keycloak-1" }],
    ],
    told: ["MessagesFailing", "PostgresNoPrimary"],
  },
  "no pod of the edge is left": {
    raises: [
      ["MessagesFailing", slo("messages")],
      ["SignInsFailing", slo("sign-ins")],
      ["EdgeReplicaMissing", {}],
      ["PublicNameNotServed", chat],
    ],
    told: ["EdgeReplicaMissing", "MessagesFailing", "PublicNameNotServed"],
  },
  "Keycloak stops": {
    raises: [
      ["SignInsFailing", slo("sign-ins")],
      ["KeycloakUnavailable", {}],
      ["KeycloakWaitsForDatabaseConnection", { pod: "keycloak-1" }],
      ["EdgeBackendWithoutServers", { proxy: "keycloak.roost.svc:8443" }],
    ],
    told: ["KeycloakUnavailable", "SignInsFailing"],
  },
  "the directory stops": {
    raises: [
      ["DirectoryUnavailable", { statefulset: "openldap" }],
      ["DirectorySyncStalled", {}],
      ["ReplicasMissing", { statefulset: "openldap" }],
    ],
    told: ["DirectoryUnavailable"],
  },
  "a node's kubelet stops": {
    raises: [
      ["NodeNotReady", { node: "a" }],
      ["TargetDown", { job: "kubelet", instance: "a" }],
      ["EdgeReplicaMissing", {}],
      ["KeycloakReplicaMissing", {}],
      ["PostgresStandbyMissing", {}],
      ["ReplicasMissing", { deployment: "web" }],
    ],
    told: ["NodeNotReady"],
  },
  "a volume fills, beside another that does slowly": {
    raises: [
      ["VolumeNearlyFull", claim],
      ["VolumeFillingUp", claim],
      ["VolumeFillingUp", { ...claim, persistentvolumeclaim: "synapse-media" }],
    ],
    told: ["VolumeFillingUp", "VolumeNearlyFull"],
  },
  "a certificate is about to end": {
    raises: [
      ["CertificateAboutToEnd", chat],
      ["CertificateEndsSoon", chat],
    ],
    told: ["CertificateAboutToEnd"],
  },
  "the probe's account is locked": { raises: [["ProbeBlocked", {}]], told: ["ProbeBlocked"] },
  "a program wants more memory than it may have": {
    raises: [
      ["ContainerKilledForMemory", pod],
      ["ContainerRestartsAgainAndAgain", pod],
      ["ContainerMemoryNearLimit", pod],
    ],
    told: ["ContainerKilledForMemory"],
  },
  "a disk dies in an array": {
    raises: [
      ["ServerArrayDegraded", office],
      ["ServerDiskMissing", { instance: "office", disk: "sdb" }],
    ],
    told: ["ServerArrayDegraded"],
  },
  "it has been slow for days": {
    raises: [
      ["MessagesDegraded", slo("messages")],
      ["ErrorBudgetSpent", slo("messages")],
    ],
    told: ["MessagesDegraded"],
  },
};

let folder = "";
let url = "";
let alertmanager: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roost-alertmanager-"));
  const configuration = { route: { receiver: "nobody" }, receivers: [{ name: "nobody" }], inhibit_rules: inhibitions };
  // JSON is YAML.
  writeFileSync(join(folder, "alertmanager.yml"), JSON.stringify(configuration));
  const port = await freePort();
  url = `http://127.0.0.1:${port}/api/v2`;
  alertmanager = spawn(
    await programOf("alertmanager", "alertmanager"),
    [
      ...[`--config.file=${join(folder, "alertmanager.yml")}`, `--storage.path=${folder}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
    ],
    { stdio: "ignore" },
  );
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(`${url}/status`).catch(() => undefined)) return;
    await sleep(100);
  }
  throw new Error("Alertmanager does not answer");
});

afterAll(() => {
  alertmanager?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Tells Alertmanager what fires, as Prometheus does; or that it no longer does. */
async function tell({ raises }: Fault, endsAt: Date): Promise<void> {
  const alerts = raises.map(([alertname, labels]) => {
    const rule = rules.get(alertname);
    if (rule === undefined) throw new Error(`There is no alert ${alertname}`);
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    return { labels: { alertname, ...rule.labels, ...labels }, startsAt, endsAt: endsAt.toISOString() };
  });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/alerts`, { method: "POST", headers, body: JSON.stringify(alerts) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function told(): Promise<string[]> {
  const answer = await fetch(`${url}/alerts?active=true&inhibited=false&silenced=false`);
  const alerts = (await answer.json()) as { readonly labels: { readonly alertname: string } }[];
  return [...new Set(alerts.map(({ labels }) => labels.alertname))].sort();
}

describe("somebody is told of one fault, once", () => {
  it.each(Object.entries(faults))("%s", async (_, fault) => {
    await tell(fault, new Date(Date.now() + 300_000));
    // What keeps an alert quiet is looked at when it is asked for, once both are there.
    for (let tries = 0; tries < 50 && `${await told()}` !== `${fault.told}`; tries++) await sleep(100);
    expect(await told()).toEqual(fault.told);
    const pages = fault.told.filter((name) => rules.get(name)?.labels.severity === "page");
    expect(pages.length).toBeLessThanOrEqual(1);
    await tell(fault, new Date(Date.now() - 1000));
    for (let tries = 0; tries < 50 && (await told()).length > 0; tries++) await sleep(100);
    expect(await told()).toEqual([]);
  });
});
