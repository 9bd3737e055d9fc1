import type { Rule } from "../pack/rule.ts";
import { audited } from "./audited.ts";
import { dataEncrypted } from "./data-encrypted.ts";
import { dataRedundant } from "./data-redundant.ts";
import { logsCollected } from "./logs-collected.ts";
import { noOpenExtra } from "./no-open-extra.ts";
import { personalAccounts } from "./personal-accounts.ts";
import { securityUpdates } from "./security-updates.ts";
import { sshFromFew } from "./ssh-from-few.ts";
import { watched } from "./watched.ts";

export const servers: readonly Rule[] = [
  audited,
  dataEncrypted,
  dataRedundant,
  logsCollected,
  noOpenExtra,
  personalAccounts,
  securityUpdates,
  sshFromFew,
  watched,
];
