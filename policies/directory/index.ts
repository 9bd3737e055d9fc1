import type { Rule } from "../pack/rule.ts";
import { copiesProtected } from "./copies-protected.ts";
import { noAnonymousAccess } from "./no-anonymous-access.ts";
import { passwordsHashed } from "./passwords-hashed.ts";
import { tlsOnly } from "./tls-only.ts";

export const directory: readonly Rule[] = [copiesProtected, noAnonymousAccess, passwordsHashed, tlsOnly];
