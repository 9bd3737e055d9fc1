/**
 * `make bench`: what the environment costs, as a table and in `build/bench.json`. It measures a small environment of its
 * own, and stops and starts the embedded cluster to do so.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, progress } from "../bootstrap/artifact.ts";
import { monitoringCost } from "../environment/index.ts";
import { AlertReceiver } from "../tests/cluster/alert-receiver.ts";
import { command, eventually, timed } from "../tests/cluster/command.ts";
import { kubectl, objects } from "../tests/cluster/kubectl.ts";
import { Monitoring } from "../tests/cluster/monitoring.ts";
import { costOf } from "../tests/cluster/monitoring-cost.ts";
import { Stage } from "../tests/cluster/stage.ts";
import { SyntheticStack } from "../tests/cluster/synthetic-stack.ts";
import { clearFigures, figuresTable, median, readFigures, recordFigure, slope } from "../tests/figures.ts";

const MIB = 1024 * 1024;
const ROUNDS = 5;
const SYNTHETIC_SIZES = [10, 110, 210, 310];
const POLICY_PACK_SIZE = 300;

const receiver = new AlertReceiver();
const settings = { observability: receiver.settings };
const stage = new Stage({ name: "bench", availability: "single", settings });

clearFigures("bench");
try {
  await measureWarmStart();
  await measureEngine();
  await measureSlope();
  await measurePolicyPack();
  await measureImages();
  await measureMemory();
  await measureMonitoring();
} finally {
  stage.sendHome();
  progress("bench: removing its environment");
  await stage.stack.remove();
  await stage.lead();
}
recordColdBuilds();
console.log(`\n${figuresTable(readFigures("bench"))}`);

/** What `make up` does on a machine that has everything built, to a message that somebody hears. */
async function measureWarmStart(): Promise<void> {
  const node = (...args: string[]) => command(process.execPath, args, { timeoutSeconds: 3600 });
  const prepare = async () => {
    await node("bootstrap/engine/install.ts");
    await node("bootstrap/prepare.ts", "--stack", "dev");
  };
  progress("bench: warm start");
  await prepare();
  await stage.begin();
  await node("bootstrap/cluster/main.ts", "down");
  const { seconds } = await timed(async () => {
    await prepare();
    const { seconds: up } = await timed(() => stage.stack.up());
    recordFigure("bench", "up_seconds", { value: up, unit: "s", n: 1, note: "pulumi up from nothing" });
    await stage.readOutputs();
    const [ada, bob] = [await stage.signIn("ada"), await stage.signIn("bob")];
    const room = { name: "Bench", invite: [`@bob:${stage.domain}`], encrypted: false };
    const { roomId } = await ada.ask("createRoom", room);
    await bob.ask("join", { roomId });
    await ada.ask("say", { roomId, body: "first" });
    await bob.ask("hear", { roomId, body: "first", timeoutSeconds: 30 });
  });
  const note = "everything built, no cluster running";
  recordFigure("bench", "up_to_first_message_seconds", { value: seconds, unit: "s", n: 1, note });
}

async function measureEngine(): Promise<void> {
  progress("bench: preview and update without a change");
  const previews: number[] = [];
  const updates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    previews.push((await timed(() => stage.stack.preview())).seconds);
    if (round < 3) updates.push((await timed(() => stage.stack.up("--expect-no-changes"))).seconds);
  }
  recordFigure("bench", "preview_seconds", { value: median(previews), unit: "s", n: previews.length });
  recordFigure("bench", "preview_resources", { value: await stage.stack.size(), unit: "count", n: 1 });
  recordFigure("bench", "up_noop_seconds", { value: median(updates), unit: "s", n: updates.length });
}

/** The sizes alternate, so that whatever else the machine does weighs on all of them. */
async function measureSlope(): Promise<void> {
  progress("bench: preview by number of resources");
  const stacks = SYNTHETIC_SIZES.map((size) => new SyntheticStack(size));
  const points: { x: number; y: number }[] = [];
  for (const stack of stacks) await stack.begin();
  for (let round = 0; round < 3; round += 1) {
    for (const stack of stacks) {
      const { seconds } = await timed(() => stack.preview());
      points.push({ x: stack.size, y: seconds * 1000 });
    }
  }
  for (const stack of stacks) stack.remove();
  const note = `first previews of ${SYNTHETIC_SIZES.join(", ")} ConfigMaps`;
  recordFigure("bench", "preview_ms_per_resource", { value: slope(points), unit: "ms", n: points.length, note });
}

/** With and without the pack in turn, on resources about which its rules have most to say. */
async function measurePolicyPack(): Promise<void> {
  progress("bench: preview with the policy pack");
  const stack = new SyntheticStack(POLICY_PACK_SIZE, "Deployment");
  await stack.begin();
  const overheads: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { seconds: without } = await timed(() => stack.preview());
    const { seconds: judged } = await timed(() => stack.judgedPreview());
    overheads.push(judged - without);
  }
  stack.remove();
  const note = `${POLICY_PACK_SIZE} Deployments of two containers; with minus without, alternating`;
  recordFigure("bench", "policy_pack_overhead_seconds", { value: median(overheads), unit: "s", n: ROUNDS, note });
}

async function measureImages(): Promise<void> {
  const nodes = await objects<Node>("nodes");
  const images = new Map<string, number>();
  for (const { names = [], sizeBytes = 0 } of nodes.flatMap(({ status }) => status.images ?? [])) {
    const name = names.map((each) => /^registry\.roost\.test\/([\w-]+)@/.exec(each)?.[1]).find(Boolean);
    if (name !== undefined) images.set(name, sizeBytes);
  }
  for (const [name, bytes] of [...images].sort()) {
    const figure = `image_${name.replaceAll("-", "_")}_compressed_mib`;
    recordFigure("bench", figure, { value: bytes / MIB, unit: "MiB", n: 1, note: "as it is pulled" });
  }
}

/** Memory that cannot be taken back, which is what a limit counts; of each pod's containers together. */
async function measureMemory(): Promise<void> {
  const [node] = await objects<Node>("nodes");
  const path = `/api/v1/nodes/${node?.metadata.name}/proxy/stats/summary`;
  const { pods }: Summary = JSON.parse(await kubectl(["get", "--raw", path]));
  for (const { podRef, memory } of pods) {
    const part = partOf(podRef);
    if (part === undefined || memory?.workingSetBytes === undefined) continue;
    recordFigure("bench", `memory_${part}_mib`, { value: memory.workingSetBytes / MIB, unit: "MiB", n: 1 });
  }
}

/** What watching costs, beside what the plan counts with, and how long it takes until somebody hears of a fault. */
async function measureMonitoring(): Promise<void> {
  progress("bench: monitoring");
  const monitoring = new Monitoring(stage.namespace, stage.caFile);
  const scale = (replicas: number) =>
    kubectl(["scale", "-n", stage.namespace, "deployment/web", `--replicas=${replicas}`]);
  await receiver.start();
  try {
    await monitoring.start();
    const figures = await costOf(monitoring, monitoringCost("single"));
    for (const [name, figure] of Object.entries(figures)) recordFigure("bench", name, figure);
    const began = Date.now();
    await scale(0);
    const heard = await eventually("somebody to hear that the web client is gone", 300, async () =>
      receiver.told.find(({ alerts }) => alerts.some(({ labels }) => labels.alertname === "EdgeBackendWithoutServers")),
    );
    const note = "the web client is gone; the rule waits for 60 s, and Alertmanager for 20 s";
    recordFigure("bench", "alert_seconds_web", { value: (heard.atMs - began) / 1000, unit: "s", n: 1, note });
    await scale(1);
  } finally {
    monitoring.stop();
    await receiver.stop();
  }
}

function partOf({ name, namespace }: { readonly name: string; readonly namespace: string }): string | undefined {
  if (namespace === "cnpg-system") return "operator";
  if (namespace !== stage.namespace) return undefined;
  return /^pg-\d/.test(name) ? "postgres" : /^(synapse|web|edge)-/.exec(name)?.[1];
}

/** The time that artifacts in the cache took when they were made, on this machine, whenever that was. */
function recordColdBuilds(): void {
  const folder = join(cacheFolder, "seconds");
  if (!existsSync(folder)) return;
  const took = readdirSync(folder).map((name) => ({ name, seconds: Number(readFileSync(join(folder, name), "utf8")) }));
  const isImage = ({ name }: { readonly name: string }) => name.startsWith("image-");
  const record = (figure: string, parts: typeof took) => {
    const value = parts.reduce((sum, { seconds }) => sum + seconds, 0);
    const note = `when last built: ${parts.map(({ name, seconds }) => `${name.replace(/-[^-]*$/, "")} ${seconds}`).join(", ")}`;
    if (parts.length > 0) recordFigure("bench", figure, { value, unit: "s", n: 1, note });
  };
  record("cold_images_seconds", took.filter(isImage));
  record(
    "cold_bootstrap_seconds",
    took.filter((part) => !isImage(part)),
  );
}

interface Node {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly status: { readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[] };
}

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly memory?: { readonly workingSetBytes?: number };
  }[];
}
