/**
 * Exports events of a room or a person: `node tools/archive-export.ts --stack dev --room '!abc:example.org' --from 2026-01-01 --to 2026-01-31`.
 *
 * It writes a folder: the events as they are in the archive (`events.jsonl`), a page to read and print (`index.html`), their files, and
 * `manifest.json` with the hashes of all of it, whose own hash is printed.
 *
 * Exit codes: 0 when there is something; 2 when there is nothing, or it cannot be told.
 */
import { parseArgs } from "node:util";
import { exportEvents } from "./archive/export.ts";
import { askArchive } from "./archive/through-cluster.ts";
import { wantedOf } from "./archive/wanted.ts";
import { exitCodeOf } from "./stack-settings.ts";

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    room: { type: "string" },
    person: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    out: { type: "string" },
  },
});

process.exitCode = await exitCodeOf(values.stack, async (environment) => {
  const now = new Date();
  const wanted = wantedOf(values);
  const folder = values.out ?? `build/archive-export/${now.toISOString().replace(/[:.]/g, "-")}`;
  const { events, files, sha256 } = await askArchive(environment, (store) =>
    exportEvents({ store, wanted, folder, now }),
  );
  console.log(`${events} events and ${files} files are in ${folder}: open index.html.`);
  console.log(`SHA-256 of its manifest.json, to be kept elsewhere: ${sha256}`);
  return 0;
});
