export { FIREWALL_FILE, nftablesFile } from "./firewall.ts";
export type { ClusterSecrets, HostFile, KeyPair, MachineSecrets } from "./first-boot/index.ts";
export { seedFiles } from "./first-boot/index.ts";
export type { FlowEnd, HostFlow, Ports } from "./flows.ts";
export { flowsOf } from "./flows.ts";
export type { Fleet } from "./model.ts";
export type { ServerArgs } from "./server.ts";
export { Server } from "./server.ts";
