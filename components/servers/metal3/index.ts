export type { BareMetalHostArgs, BmcCredentials, Metal3Provider } from "./bare-metal-host.ts";
export { BareMetalHost, provideMetal3 } from "./bare-metal-host.ts";
export { isMetal3 } from "./spec.ts";
