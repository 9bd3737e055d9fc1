import { availableParallelism, totalmem } from "node:os";
import type { Capacity } from "./settings/cluster.ts";

const MIB = 1024 * 1024;

/** What this machine has: all that the embedded cluster can give. */
export function thisMachine(): Capacity {
  return { cpus: availableParallelism(), memoryMiB: Math.floor(totalmem() / MIB) };
}
