/** The arithmetic of disks, which the settings' rules need too: partitions, usable capacity, and what may fail. */
export type { FaultTolerance, Partition } from "../../environment/servers/index.ts";
export {
  faultTolerance,
  layoutName,
  mirrors,
  partitionedDisks,
  partitionsOf,
  RESERVE_MIB,
  survives,
  toleranceText,
  usableMiB,
} from "../../environment/servers/index.ts";
