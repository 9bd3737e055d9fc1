/** Ends the containers of a node as the kubelet would, so that databases close their files. */
import { progress } from "../artifact.ts";
import { ask, gracePeriods } from "./api.ts";
import { firstProcess, inHost, until } from "./host-processes.ts";
import type { Site } from "./site.ts";

/** The longest that a container may take to end, in ms, whatever its pod asks for: someone waits for this. */
const longestGrace = 30_000;

/** Tells the containers of a running node to end, and ends those that take longer than their pod allows. */
export async function endContainers(site: Site, node: string): Promise<void> {
  if (firstProcess(site, node) === undefined) return;
  try {
    const pods = await ask(site, `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
    const graces = gracePeriods(pods?.items ?? []);
    // The kubelet would start them again.
    await inHost(site, node, ["s6-svc", "-wd", "-T10000", "-d", "/run/service/kubelet"]);
    const told = await runningContainers(site, node);
    await Promise.all(told.map((id) => signal(site, node, id, [])));
    const start = Date.now();
    const ended = await until(async () => {
      const running = await runningContainers(site, node);
      const late = running.filter((id) => Date.now() - start > Math.min(graces.get(id) ?? longestGrace, longestGrace));
      await Promise.all(late.map((id) => signal(site, node, id, ["--signal", "SIGKILL"])));
      return running.length === 0;
    }, longestGrace + 5_000);
    if (!ended) progress(`${node}: some containers did not end`);
  } catch (error) {
    progress(`${node}: its containers could not be ended in order: ${error instanceof Error ? error.message : error}`);
  }
}

/** The ids of running containers, without those that only hold a pod's namespaces. */
async function runningContainers(site: Site, node: string): Promise<string[]> {
  const own = new Set(
    await ctr(site, node, ["containers", "list", "--quiet", 'labels."io.cri-containerd.kind"==container']),
  );
  const tasks = (await ctr(site, node, ["tasks", "list"])).map((line) => line.split(/\s+/));
  return tasks.flatMap(([id = "", , status]) => (status === "RUNNING" && own.has(id) ? [id] : []));
}

/** Sends the signal that the image asks for, or another one. */
async function signal(site: Site, node: string, id: string, options: readonly string[]): Promise<void> {
  // It may have ended meanwhile.
  await ctr(site, node, ["tasks", "kill", ...options, id]).catch(() => undefined);
}

async function ctr(site: Site, node: string, args: readonly string[]): Promise<string[]> {
  const printed = await inHost(site, node, ["ctr", "--namespace=k8s.io", ...args]);
  return printed.split("\n").filter((line) => line !== "");
}
