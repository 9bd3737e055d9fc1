export { shutSince } from "./entries.ts";
export type { Audit } from "./reconcile.ts";
export { keepAccount, reconcile } from "./reconcile.ts";
export type { Group, PasswordPolicy, Person, Wanted } from "./wanted.ts";
