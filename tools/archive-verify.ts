/**
 * Checks a stack's archive: `node tools/archive-verify.ts --stack dev [--earlier report.json] [--json]`.
 *
 * It reads all of it, compares the hashes, and looks whether each event of the database is there. It changes nothing. Keep what `--json`
 * prints elsewhere: with `--earlier` the next check sees whether the archive was cut, or written anew.
 *
 * Exit codes: 0 when the archive is whole; 1 when it is not, and the report names each object; 2 when it cannot be told.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import type { Environment } from "../environment/index.ts";
import { verifyArchive } from "../services/archive/verify.ts";
import { type Comparison, compareEvents, eventsQuery } from "./archive/compare.ts";
import { isWhole, verifyText } from "./archive/text.ts";
import { askArchive, askDatabase } from "./archive/through-cluster.ts";
import { exitCodeOf } from "./stack-settings.ts";

/** Events of the last minutes may be on their way. */
const SETTLE_SECONDS = 120;

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    earlier: { type: "string" },
    database: { type: "boolean", default: true },
    json: { type: "boolean", default: false },
  },
  allowNegative: true,
});

const report = z.object({
  partitions: z.array(z.object({ partition: z.number(), sequence: z.number(), sha256: z.string() })),
});

process.exitCode = await exitCodeOf(values.stack, verify);

async function verify(environment: Environment): Promise<number> {
  const earlier =
    values.earlier === undefined ? [] : report.parse(JSON.parse(readFileSync(values.earlier, "utf8"))).partitions;
  // Before the archive is read: what is written meanwhile is no fault.
  const database = values.database
    ? askDatabase(environment, eventsQuery({ settleSeconds: SETTLE_SECONDS }))
    : undefined;
  const ids = new Set<string>();
  const found = await askArchive(environment, (store) =>
    verifyArchive({ store, earlier, onEvent: ({ id }) => void ids.add(id) }),
  );
  // Where something was removed by rule, the database may have what the archive has no longer.
  const comparison: Comparison | undefined =
    database === undefined || found.removed > 0 ? undefined : compareEvents(ids, database);
  console.log(
    values.json ? JSON.stringify({ ...found, database: comparison }, null, 2) : verifyText(found, comparison),
  );
  if (database !== undefined && comparison === undefined)
    console.error("Batches were removed by rule: what the database has is not compared.");
  return isWhole(found, comparison) ? 0 : 1;
}
