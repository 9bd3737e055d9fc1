import { keycloakConnections } from "../identity-plan.ts";
import type { Problem } from "../messages/problems.ts";
import type { PostgresPlan } from "../plan.ts";
import { planOf, synapseConnections } from "../plan.ts";
import { leastMemoryMiB, mostConnections, RESERVED_CONNECTIONS, refusal, sizeMiB } from "../postgres-parameters.ts";
import type { PostgresSettings } from "../settings/postgres.ts";
import { leastDatabaseGiB } from "../sizing.ts";
import { rule, when } from "./rule.ts";

export const postgresRules = [
  rule(["cluster", "postgres"], ({ cluster, postgres }) =>
    when(
      cluster.kind === "embedded" && postgres.operator === "existing",
      "postgres.operator",
      postgres.operator,
      '"managed": the embedded cluster has no operator of its own',
      'write "managed", or leave it out',
    ),
  ),

  rule(["postgres"], ({ postgres }) =>
    Object.entries(postgres.parameters).flatMap(([name, value]) =>
      when(
        refusal(name) !== undefined,
        `postgres.parameters.${name}`,
        value,
        `parameters other than this one: ${refusal(name)}`,
        "remove it",
      ),
    ),
  ),

  rule(
    ["postgres", "users", "availability", "im", "identity", "kafka", "backup", "archive", "observability", "cluster"],
    (settings) => {
      const { im, users } = settings;
      if (im.engine !== "matrix") return [];
      const { postgres: plan, identity } = planOf({ ...settings, im });
      return [
        ...connectionProblems(plan, users, keycloakConnections(identity)),
        ...memoryProblems(plan, settings.postgres),
        ...storageProblems(plan, users),
        ...bufferProblems(plan),
      ];
    },
  ),
];

function connectionProblems({ maxConnections }: PostgresPlan, users: number, keycloak: number): Problem[] {
  const pool = synapseConnections(users);
  const least = pool + keycloak + RESERVED_CONNECTIONS;
  const pools = [`${pool} for Synapse`, ...(keycloak === 0 ? [] : [`${keycloak} for Keycloak`])].join(", ");
  return when(
    maxConnections < least,
    "postgres.maxConnections",
    maxConnections,
    `at least ${least}: ${pools} and ${RESERVED_CONNECTIONS} for the operator, replication and people`,
    `write ${least} or more, or leave it out`,
  );
}

/** The one to blame is the one that was set: memory, else connections. */
function memoryProblems({ maxConnections, memoryMiB }: PostgresPlan, given: PostgresSettings): Problem[] {
  const least = leastMemoryMiB(maxConnections);
  if (memoryMiB >= least) return [];
  const most = mostConnections(memoryMiB);
  if (given.memoryMiB === undefined)
    return when(
      true,
      "postgres.maxConnections",
      maxConnections,
      `at most ${most} with the ${memoryMiB} MiB of memory that the plan gives`,
      `write ${most} or less, or set roost:postgres.memoryMiB to ${least} or more`,
    );
  return when(
    true,
    "postgres.memoryMiB",
    memoryMiB,
    `at least ${least} for ${maxConnections} connections`,
    `write ${least} or more, or set roost:postgres.maxConnections lower`,
  );
}

function storageProblems({ storageGiB }: PostgresPlan, users: number): Problem[] {
  const least = leastDatabaseGiB(users);
  return when(
    storageGiB < least,
    "postgres.storageGiB",
    storageGiB,
    `at least ${least} for a year of ${users} users`,
    `write ${least} or more, or leave it out`,
  );
}

function bufferProblems({ parameters, memoryMiB }: PostgresPlan): Problem[] {
  const buffers = parameters.shared_buffers ?? "";
  const size = sizeMiB(buffers) ?? Number.POSITIVE_INFINITY;
  return when(
    size > memoryMiB * 0.4,
    "postgres.parameters.shared_buffers",
    buffers,
    `a size with its unit, up to 40 % of the instance's ${memoryMiB} MiB`,
    `write "${Math.floor(memoryMiB / 4)}MB", or leave it out`,
  );
}
