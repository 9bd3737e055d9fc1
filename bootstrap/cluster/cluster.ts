/** The embedded cluster as a whole: up, down, status, reset. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { progress, run } from "../artifact.ts";
import { ask, nodesReady, podsReady } from "./api.ts";
import { builderHost, builderSocket } from "./builder.ts";
import { ensureCertificates, kubeconfigFor } from "./certificates.ts";
import { endContainers } from "./containers.ts";
import type { Host } from "./host.ts";
import {
  firstProcess,
  hostState,
  inHost,
  ownerOf,
  renewNameServers,
  startHost,
  startTime,
  stopHost,
  until,
} from "./host-processes.ts";
import { loadImage, pushImage } from "./image.ts";
import { install, type Programs } from "./install.ts";
import { checkMachine, nameServers, prepareMachine, restoreMachine } from "./machine.ts";
import { type SystemImages, systemObjects } from "./manifests.ts";
import { forgetNames } from "./names.ts";
import { node } from "./node.ts";
import { registryHost, registryUrl } from "./registry.ts";
import { hostAddress, hostNames, registryName, type Site } from "./site.ts";

/** How long nodes, DNS and storage may take to become ready, in ms. */
const readyLimit = 90_000;

/** Starts the cluster, or what of it does not run, and waits until pods can run in it. */
export async function up(site: Site): Promise<void> {
  await checkMachine(site);
  checkOwner(site);
  const programs = await install();
  const started = Date.now();
  await prepareMachine(site);
  await ensureCertificates(site);
  writeFileSync(site.kubeconfig, kubeconfigFor(site, "administrator"), { mode: 0o600 });
  const shown = programFolders(programs);
  const servers = nameServers();
  await ensureHost(site, registryHost(site, shown, servers));
  const { pause, ...images } = await pushSystemImages(site, programs);
  const mayLowerOomScore = hasResourceCapability();
  for (const name of Object.keys(site.nodes)) {
    const described = { site, name, pauseImage: pause, nameServers: servers, programs: shown, mayLowerOomScore };
    await ensureHost(site, node(described));
  }
  await applySystem(site, programs, systemObjects(site, images, servers));
  await waitUntilReady(site);
  progress(`cluster: ready after ${((Date.now() - started) / 1000).toFixed(1)} s; kubeconfig: ${site.kubeconfig}`);
}

/** Stops the cluster and takes everything off the machine but its data. */
export async function down(site: Site): Promise<void> {
  checkOwner(site);
  for (const name of Object.keys(site.nodes)) await endContainers(site, name);
  for (const name of hostNames(site)) await stopHost(site, name);
  await restoreMachine(site);
  progress("cluster: stopped; its data stays");
}

/** Stops the cluster and removes its data, images and names too. What was built stays in the cache. */
export async function reset(site: Site): Promise<void> {
  checkOwner(site);
  for (const name of hostNames(site)) await stopHost(site, name, "at once");
  await restoreMachine(site);
  forgetNames(site);
  rmSync(site.folder, { recursive: true, force: true });
  rmSync(site.registryFolder, { recursive: true, force: true });
  progress("cluster: removed");
}

/** Starts a host unless it runs; one that runs but is now described otherwise is started anew. */
async function ensureHost(site: Site, host: Host): Promise<void> {
  const state = hostState(site, host);
  if (state === "current") return renewNameServers(site, host);
  if (state === "outdated") {
    progress(`${host.name}: has changed, starting it again…`);
    if (host.name in site.nodes) await endContainers(site, host.name);
  }
  await startHost(site, host);
}

/** Where hosts see the programs. */
function programFolders(programs: Programs): Readonly<Record<string, string>> {
  return { "/opt/roost": programs.built, "/opt/debian": programs.unpacked };
}

/** Puts the cluster's own images into the registry and returns their references. */
async function pushSystemImages(site: Site, programs: Programs): Promise<SystemImages & { readonly pause: string }> {
  const registry = registryUrl(site);
  const answers = () =>
    fetch(`${registry}/v2/`).then(
      (response) => response.ok,
      () => false,
    );
  if (!(await until(answers, 20_000)))
    throw new Error(`The registry did not start; see ${site.registryFolder}/log/registry/current`);
  const push = async (name: string) => {
    const repository = `cluster/${name}`;
    const image = loadImage(join(programs.images, name));
    return `${registryName}/${repository}@${await pushImage(registry, repository, image)}`;
  };
  return {
    pause: await push("pause"),
    coredns: await push("coredns"),
    localPath: await push("local-path-provisioner"),
  };
}

/** Applies what every cluster contains, unless that has been done. */
async function applySystem(site: Site, programs: Programs, objects: readonly object[]): Promise<void> {
  const definitions = readdirSync(join(programs.built, "crds")).map((file) =>
    readFileSync(join(programs.built, "crds", file), "utf8"),
  );
  const version = createHash("sha256")
    .update(JSON.stringify([definitions, objects]))
    .digest("hex");
  const record = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "roost-system", namespace: "kube-system" } };
  if (!(await until(async () => (await ask(site, "/readyz")) !== undefined, 60_000))) {
    throw new Error(`The API server did not start; see ${logs(site)}/kube-apiserver/current`);
  }
  const applied = await ask(site, "/api/v1/namespaces/kube-system/configmaps/roost-system");
  if (applied?.data?.version === version) return;
  const kubectl = (args: readonly string[], input: string) =>
    run(join(programs.built, "bin/kubectl"), [`--kubeconfig=${site.kubeconfig}`, ...args], { input });
  const apply = ["apply", "--server-side", "--force-conflicts", "--filename=-"];
  await kubectl(apply, definitions.join("\n---\n"));
  await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=20s"], "");
  const items = [...objects, { ...record, data: { version } }];
  await kubectl(apply, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** Waits until all nodes, DNS and storage are ready: not by what the API server remembers of the time before a stop. */
async function waitUntilReady(site: Site): Promise<void> {
  const names = Object.keys(site.nodes);
  const since = new Date(Math.max(...names.map((name) => startTime(site, name))));
  // Kubernetes writes times in whole seconds.
  since.setMilliseconds(0);
  const ready = async () => {
    const nodes = await ask(site, "/api/v1/nodes");
    const pods = await ask(site, "/api/v1/namespaces/kube-system/pods");
    return (
      nodesReady(nodes?.items ?? [], names, since) &&
      podsReady(pods?.items ?? [], ["kube-dns", "local-path-provisioner"], since) &&
      (await servesNames(site))
    );
  };
  if (await until(ready, readyLimit)) return;
  throw new Error(
    `The cluster did not become ready within ${readyLimit / 1000} s. Look at kubectl --kubeconfig ${site.kubeconfig} get pods -A, and the logs in ${logs(site)}.`,
  );
}

/** Whether every node leads the address of the DNS Service to a pod, which it learns some time after the pod is ready. */
async function servesNames(site: Site): Promise<boolean> {
  const connects = ["timeout", "2", "bash", "-c", `: </dev/tcp/${site.dnsService}/53`];
  const tried = Object.keys(site.nodes).map((name) => inHost(site, name, connects));
  return (await Promise.allSettled(tried)).every(({ status }) => status === "fulfilled");
}

/** @throws Error when a cluster with other data runs on the same addresses, because it would be taken for this one */
function checkOwner(site: Site): void {
  for (const name of hostNames(site)) {
    const owner = ownerOf(site, name);
    if (owner === undefined || owner === "" || owner === site.folder) continue;
    throw new Error(
      `A cluster with its data in ${owner} runs on the network ${site.hostsCidr}. Stop it (\`down\` with its ROOST_DATA), or set ROOST_NETWORK to other numbers, such as 10.193.`,
    );
  }
}

function logs(site: Site): string {
  return join(site.folder, "node-1", "log");
}

/** Whether this process may give others a lower OOM score than its own (CAP_SYS_RESOURCE). */
function hasResourceCapability(): boolean {
  const capabilities = /^CapEff:\t([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${capabilities}`) & (1n << 24n)) !== 0n;
}

/** Starts the host that builds images, with the registry that they are pushed to. */
export async function builderUp(site: Site): Promise<void> {
  await checkMachine(site);
  checkOwner(site);
  const programs = await install();
  await prepareMachine(site);
  const shown = programFolders(programs);
  await ensureHost(site, registryHost(site, shown, nameServers()));
  await ensureHost(site, builderHost(site, shown, nameServers()));
  const socket = builderSocket(site);
  if (!(await until(() => answersOn(socket), 30_000))) {
    throw new Error(`Docker did not start; see ${join(site.folder, "builder/log/dockerd/current")}`);
  }
  process.stdout.write(`unix://${socket}\n`);
}

/** Stops the host that builds images; what it has built before stays, and makes the next builds quick. */
export async function builderDown(site: Site): Promise<void> {
  await stopHost(site, "builder");
}

function answersOn(socket: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = connect(socket);
  connection.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => connection.destroy());
}

/** Prints what runs. @returns whether the cluster runs */
export async function status(site: Site): Promise<void> {
  for (const name of hostNames(site)) {
    const pid = firstProcess(site, name);
    process.stdout.write(
      `${name.padEnd(12)}${hostAddress(site, name).padEnd(16)}${pid === undefined ? "stopped" : "running"}\n`,
    );
    if (pid === undefined) continue;
    const services = await inHost(site, name, [
      "sh",
      "-c",
      'for service in /run/service/*; do echo "$service $(s6-svstat -o up $service) $(s6-svdt $service | wc -l)"; done',
    ]);
    for (const line of services.trim().split("\n")) {
      const [path = "", isUp, deaths] = line.split(" ");
      const restarts = deaths === "0" ? "" : `, restarts: ${deaths}`;
      process.stdout.write(
        `  ${path.replace("/run/service/", "").padEnd(26)}${isUp === "true" ? "up" : "down"}${restarts}\n`,
      );
    }
  }
}
