/** The containers' processes as the machine sees them: the embedded cluster's nodes are namespaces on it. */
import { readdirSync, readFileSync } from "node:fs";
import { here } from "./here.ts";
import type { Pod } from "./kubectl.ts";

export interface Process {
  readonly id: number;
  readonly commandLine: string;
  /** `NAME=value`, one a line. */
  readonly environment: string;
}

/** All processes of a pod's containers but the one that holds the pod's namespaces. */
export function processesOf(pod: Pod): Process[] {
  return containedProcesses().flatMap(({ podId, ...process }) =>
    podId === pod.metadata.uid && !/^\/?pause\b/.test(process.commandLine) ? [process] : [],
  );
}

/** Processes of pods that are no more. */
export function strayProcesses(pods: readonly Pod[]): Process[] {
  const known = new Set(pods.map(({ metadata }) => metadata.uid));
  return containedProcesses().filter(({ podId }) => !known.has(podId));
}

/** The processes of all pods of this cluster, each with its pod's identifier. */
function containedProcesses(): (Process & { readonly podId: string })[] {
  const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return names.flatMap((name) => {
    try {
      const groups = readFileSync(`/proc/${name}/cgroup`, "utf8");
      if (!groups.includes(`:/${here.bridge}/`)) return [];
      const podId = /\bpod([0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12})\b/.exec(groups)?.[1];
      if (podId === undefined) return [];
      return [
        {
          podId: podId.replaceAll("_", "-"),
          id: Number(name),
          commandLine: lines(readFileSync(`/proc/${name}/cmdline`, "utf8"), " "),
          environment: lines(readFileSync(`/proc/${name}/environ`, "utf8"), "\n"),
        },
      ];
    } catch {
      // It ended while it was looked at.
      return [];
    }
  });
}

/** Kills the process that a pattern finds among those of the pod, as the kernel does when memory runs out. */
export function killProcess(pod: Pod, pattern: RegExp): void {
  const running = processesOf(pod);
  const victim = running.find(({ commandLine }) => pattern.test(commandLine));
  if (victim === undefined) {
    const seen = running.map(({ commandLine }) => commandLine).join("\n");
    throw new Error(`${pod.metadata.name}: no process looks like ${pattern}. There are:\n${seen}`);
  }
  process.kill(victim.id, "SIGKILL");
}

function lines(zeroSeparated: string, separator: string): string {
  return zeroSeparated.split("\0").join(separator).trim();
}
