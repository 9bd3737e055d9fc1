export type * from "./firewall.ts";
export type * from "./hardening.ts";
export type * from "./network.ts";
export type * from "./server.ts";
export type * from "./storage.ts";
