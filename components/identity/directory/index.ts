export type { EmbeddedDirectoryArgs } from "./embedded.ts";
export { EmbeddedDirectory } from "./embedded.ts";
export type { ExternalDirectoryArgs, ExternalDirectorySettings } from "./external.ts";
export { ExternalDirectory } from "./external.ts";
export { personPasswordChange, personPasswordCommand } from "./person-password.ts";
