/** What can go wrong in an environment of one of everything, and whom it must wake with which alert. */
import { join } from "node:path";
import { inHost } from "../../bootstrap/cluster/host-processes.ts";
import { controlPlane } from "../../bootstrap/cluster/site.ts";
import { issueCertificate } from "../issue-certificate.ts";
import { attempt, command } from "./command.ts";
import { here } from "./here.ts";
import { apply, attemptIn, kubectl, podNamed, pods } from "./kubectl.ts";
import { MachineVolumes, mountedVolume } from "./machine-volumes.ts";
import { strangerPod } from "./probe.ts";
import type { Stage } from "./stage.ts";

export interface AlertingFault {
  /** In the figure's name: `alert_seconds_<name>`. */
  readonly name: string;
  /** As a sentence about what is done. */
  readonly title: string;
  /** The alert that somebody must be told of. */
  readonly alert: string;
  readonly severity: "page" | "ticket";
  /** What may be told beside it, by how long it lasts. @default nothing */
  readonly along?: readonly string[];
  make(): Promise<unknown>;
  /** Also where it was made only half. */
  undo(): Promise<unknown>;
}

/** What people are promised is broken by every outage, and stays so until the windows have passed over it. */
export const SERVICE_LEVELS: readonly string[] = [
  ...["MessagesFailing", "MessagesDegraded", "SignInsFailing", "SignInsDegraded", "ErrorBudgetSpent"],
];
const OUTAGE: readonly string[] = [...SERVICE_LEVELS, "EdgeBackendWithoutServers", "PublicNameNotServed"];

const MOUNT_POINT = "/srv/drill";
const SLOT = "drill";
/** So much of what is kept for a slot must be used. */
const SLOT_SHARE = 0.8;

/** Those in one row happen at once. The ones that nobody notices come first: an outage is remembered by the service levels for hours. */
export function alertingFaults(stage: Stage): readonly (readonly AlertingFault[])[] {
  const exporter: AlertingFault = {
    ...{ name: "target", title: "what asks for the public names is gone", alert: "TargetDown", severity: "ticket" },
    ...gone(stage, "deployment/blackbox-exporter"),
  };
  const kafka: AlertingFault = {
    ...{ name: "kafka", title: "Kafka is gone", alert: "KafkaUnavailable", severity: "ticket" },
    ...gone(stage, "statefulset/kafka"),
    along: ["KafkaNoController"],
  };
  const web: AlertingFault = {
    ...{ name: "web", title: "the web client is gone", alert: "EdgeBackendWithoutServers", severity: "ticket" },
    ...gone(stage, "deployment/web"),
    along: ["PublicNameNotServed"],
  };
  const directory: AlertingFault = {
    ...{ name: "directory", title: "the directory is gone", alert: "DirectoryUnavailable", severity: "page" },
    ...gone(stage, "statefulset/openldap"),
    along: ["DirectorySyncStalled", "DirectorySyncRefuses"],
  };
  const keycloak: AlertingFault = {
    ...{ name: "keycloak", title: "Keycloak is gone", alert: "KeycloakUnavailable", severity: "ticket" },
    ...gone(stage, "deployment/keycloak"),
    along: OUTAGE,
  };
  const edge: AlertingFault = {
    ...{ name: "edge", title: "the edge is gone", alert: "EdgeReplicaMissing", severity: "ticket" },
    ...gone(stage, "deployment/edge"),
    along: OUTAGE,
  };
  const synapse: AlertingFault = {
    ...{ name: "synapse", title: "Synapse is gone", alert: "SynapseDown", severity: "ticket" },
    ...gone(stage, "statefulset/synapse"),
    along: OUTAGE,
  };
  return [
    [
      ...[memoryWanted(stage), restartLoop(stage), volumeFull(stage), slotBehind(stage), probeBlocked(stage)],
      ...[exporter, kafka],
    ],
    ...[web, directory, keycloak, edge, synapse, primaryLost(stage), kubeletStopped(), certificateEnds(stage)].map(
      (alone) => [alone],
    ),
  ];
}

/** A part that is taken away, and kept from coming back. */
function gone({ namespace }: Stage, workload: string): Pick<AlertingFault, "make" | "undo"> {
  const scale = (replicas: number) => kubectl(["scale", "-n", namespace, workload, `--replicas=${replicas}`]);
  return {
    make: () => scale(0),
    async undo() {
      await scale(1);
      await kubectl(["rollout", "status", "-n", namespace, workload, "--timeout=300s"]);
    },
  };
}

/** A pod of no part, whose program does what is wrong. */
function stranger(stage: Stage, name: string, program: string, claim?: string): Pick<AlertingFault, "make" | "undo"> {
  const { namespace } = stage;
  return {
    async make() {
      const image = podNamed(await pods(namespace), "synapse").spec.containers[0]?.image ?? "";
      await apply(strangerPod({ namespace, name, image, program, ...(claim !== undefined && { claim }) }));
    },
    undo: () => kubectl(["delete", "pod", "-n", namespace, name, "--ignore-not-found", "--wait=true"]),
  };
}

function memoryWanted(stage: Stage): AlertingFault {
  return {
    name: "memory",
    title: "a program wants more memory than it may have",
    alert: "ContainerKilledForMemory",
    severity: "ticket",
    // It is started again, and again.
    along: ["ContainerRestartsAgainAndAgain"],
    ...stranger(stage, "drill-memory", "import time; time.sleep(30); wanted = b'x' * 2**30; time.sleep(60)"),
  };
}

function restartLoop(stage: Stage): AlertingFault {
  return {
    name: "restart_loop",
    title: "a program ends as soon as it has started",
    alert: "ContainerRestartsAgainAndAgain",
    severity: "ticket",
    ...stranger(stage, "drill-restarts", "raise SystemExit(1)"),
  };
}

/** A volume on a file system of its own, of which nearly all is used. */
function volumeFull(stage: Stage): AlertingFault {
  const { namespace } = stage;
  const volumes = new MachineVolumes({ [MOUNT_POINT]: 1 });
  const name = "drill-volume";
  const user = stranger(stage, name, "import time; time.sleep(36000)", name);
  return {
    name: "volume",
    title: "a volume is nearly full",
    alert: "VolumeNearlyFull",
    severity: "page",
    async make() {
      await volumes.mount();
      const claim = { name, namespace };
      await apply(...mountedVolume({ name, mountPoint: MOUNT_POINT, storage: "1Gi", claim }));
      await user.make();
      await volumes.fill(MOUNT_POINT, 930);
    },
    async undo() {
      await user.undo();
      await kubectl(["delete", "pvc", "-n", namespace, name, "--ignore-not-found"]);
      await kubectl(["delete", "pv", name, "--ignore-not-found"]);
      await volumes.remove();
    },
  };
}

/** A reader of changes that has stopped reading. */
function slotBehind({ namespace }: Stage): AlertingFault {
  return {
    name: "slot",
    title: "a reader of a replication slot has stopped reading",
    alert: "PostgresSlotFallsBehind",
    severity: "ticket",
    async make() {
      await onPrimary(namespace, `SELECT pg_create_physical_replication_slot('${SLOT}', true)`);
      await writeForSlots(namespace, SLOT_SHARE);
    },
    undo: () =>
      onPrimary(
        namespace,
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${SLOT}'`,
      ),
  };
}

/** Writes so much of what PostgreSQL keeps for a slot. @param share from 0 to 1 */
export async function writeForSlots(namespace: string, share: number): Promise<void> {
  const setting = "SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'";
  const kept = Number(await onPrimary(namespace, setting));
  // Each time as much as fits into one command's time on a slow disk.
  for (let left = Math.ceil(kept * share); left > 0; left -= 128) {
    const mib = Math.min(left, 128);
    await onPrimary(
      namespace,
      `SELECT count(pg_logical_emit_message(false, '${SLOT}', repeat(md5(i::text), 32768))) FROM generate_series(1, ${mib}) i`,
    );
  }
}

async function onPrimary(namespace: string, statement: string): Promise<string> {
  const { name } = podNamed(await pods(namespace, "cnpg.io/instanceRole=primary"), "pg-").metadata;
  const place = { namespace, pod: name, container: "postgres" };
  const { code, stdout, stderr } = await attemptIn(place, ["psql", "-U", "postgres", "-tAc", statement]);
  if (code !== 0) throw new Error(`${statement}: ${stderr}`);
  return stdout.trim();
}

function certificateEnds(stage: Stage): AlertingFault {
  return {
    name: "certificate",
    title: "the edge's certificate ends in two days",
    alert: "CertificateAboutToEnd",
    severity: "page",
    along: ["CertificateEndsSoon", ...SERVICE_LEVELS],
    async make() {
      const hosts = [stage.domain, ...["chat", "matrix", "id"].map((name) => `${name}.${stage.domain}`)];
      const { certificatePem, keyPem } = issueCertificate({
        hosts,
        untilDay: 2,
        issuer: issueCertificate({ ca: true }),
      });
      const { edge } = stage.settings;
      stage.stack.configure({
        ...stage.settings,
        edge: { ...edge, certificate: { kind: "provided", certificatePem } },
      });
      await stage.stack.configureSecret("edge.certificate.keyPem", keyPem);
      await stage.stack.up();
    },
    async undo() {
      stage.stack.configure(stage.settings);
      await stage.stack.up();
    },
  };
}

function probeBlocked(stage: Stage): AlertingFault {
  const lock = (locked: boolean) => {
    const call = `PUT /_synapse/admin/v2/users/@probe-a:${stage.domain}`;
    const line = [join("tools", "break-glass.ts"), "--stack", stage.stack.name, call];
    return command(process.execPath, line, { env: stage.stack.commandEnvironment, input: JSON.stringify({ locked }) });
  };
  return {
    name: "probe",
    title: "an account of the probe is locked",
    alert: "ProbeBlocked",
    severity: "ticket",
    make: () => lock(true),
    undo: () => lock(false),
  };
}

/** The only instance is lost, and no node takes another one. */
function primaryLost({ namespace }: Stage): AlertingFault {
  const selector = "cnpg.io/cluster=pg";
  return {
    name: "postgres",
    title: "PostgreSQL's primary is lost for good",
    alert: "PostgresNoPrimary",
    severity: "ticket",
    along: [...OUTAGE, "SynapseSendSlow"],
    async make() {
      await kubectl(["cordon", controlPlane]);
      await kubectl(["delete", "pod", "-n", namespace, "-l", selector, "--force", "--grace-period=0", "--wait=false"]);
    },
    async undo() {
      await kubectl(["uncordon", controlPlane]);
      await kubectl(["wait", "--for=condition=Ready", "-n", namespace, "cluster/pg", "--timeout=300s"]);
    },
  };
}

/** It stands still, so that its node is believed to be lost; it goes on before the pods are moved, after five minutes. */
function kubeletStopped(): AlertingFault {
  const signal = (name: "STOP" | "CONT") => inHost(here, controlPlane, ["sh", "-c", `kill -${name} $(pidof kubelet)`]);
  return {
    name: "node",
    title: "the kubelet of a node stops",
    alert: "NodeNotReady",
    severity: "ticket",
    // Nothing is sent to pods of a node that does not report.
    along: [...OUTAGE, "DirectoryUnavailable", "DirectorySyncStalled"],
    make: () => signal("STOP"),
    async undo() {
      await signal("CONT");
      await attempt("kubectl", ["wait", "--for=condition=Ready", `node/${controlPlane}`, "--timeout=120s"]);
    },
  };
}
