/**
 * Archives the events of the IM service, with their files, in an object store: `node archive.js <specification in JSON>`. What the store
 * has is where it goes on; whatever does not answer is waited for.
 */
import { readFileSync } from "node:fs";
import { reasonOf } from "../kafka-topics/reason.ts";
import { jsonLog } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import { runProgram } from "../runtime/program.ts";
import { startServer } from "../runtime/server.ts";
import { archive } from "./archiver.ts";
import { Homeserver } from "./homeserver.ts";
import { createMetrics } from "./metrics.ts";
import type { ArchiveSpecification } from "./specification.ts";
import { openStore } from "./store.ts";
import { TopicLog } from "./topic-log.ts";

/** How long it waits before it begins anew: at first, and at most, in milliseconds. */
const PAUSE_MS = { first: 1000, most: 30_000 };
/** Longer than any call may take with all that is tried again. */
const STUCK_MS = 600_000;

runProgram("archive", async (file, stop) => {
  // The stack's own component wrote it, and its type is this.
  const specification: ArchiveSpecification = JSON.parse(readFileSync(file, "utf8"));
  const [log, metrics] = [jsonLog(), createMetrics()];
  const store = openStore(specification.bucket);
  const homeserver = new Homeserver(specification.homeserver);
  let seen = performance.now();
  const alive = () => {
    seen = performance.now();
  };
  const isAlive = () => performance.now() - seen < STUCK_MS;
  const server = await startServer({ ...specification.server, registry: metrics.registry, isAlive });
  let pauseMs = PAUSE_MS.first;
  while (!stop.aborted) {
    const events = new TopicLog(specification);
    const before = (await metrics.batches.get()).values[0]?.value ?? 0;
    try {
      // Some stores have no locks: then nothing is locked, and what was written can be removed by whoever may.
      const lock = specification.lock && (await store.canLock()) ? specification.lock : undefined;
      await archive(
        { ...specification, lock, limits: specification.batch, store, homeserver, events, metrics, log, alive },
        stop,
      );
      pauseMs = PAUSE_MS.first;
    } catch (error) {
      metrics.errors.inc();
      metrics.waiting.since ??= Date.now();
      log.warn("begins anew", { error: reasonOf(error), seconds: pauseMs / 1000 });
      if (((await metrics.batches.get()).values[0]?.value ?? 0) > before) pauseMs = PAUSE_MS.first;
      alive();
      await pause(pauseMs, stop);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS.most);
    } finally {
      await events.close().catch((error: unknown) => log.warn("Kafka", { error: reasonOf(error) }));
    }
  }
  server.close();
  server.closeAllConnections();
  store.close();
  homeserver.close();
});
