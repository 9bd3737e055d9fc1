import type { Rule } from "../pack/rule.ts";
import { authorizer } from "./authorizer.ts";
import { connectClosed } from "./connect-closed.ts";
import { noAutoCreate } from "./no-auto-create.ts";
import { noUncleanElection } from "./no-unclean-election.ts";
import { replication } from "./replication.ts";
import { tlsOnly } from "./tls-only.ts";

export const kafka: readonly Rule[] = [
  authorizer,
  connectClosed,
  noAutoCreate,
  noUncleanElection,
  replication,
  tlsOnly,
];
