/** Puts the parts together, and goes round. */

import { type Log, messageOf } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import type { Configuration } from "./configuration.ts";
import { directoryReader } from "./ldap/directory.ts";
import type { Leadership } from "./leadership.ts";
import { Accounts } from "./matrix/accounts.ts";
import { Homeserver, NotLeaderError } from "./matrix/homeserver.ts";
import { LedgerStore } from "./matrix/ledger.ts";
import { Rooms } from "./matrix/rooms.ts";
import type { Metrics } from "./metrics.ts";
import { Reconciler } from "./reconcile.ts";

/** How often somebody is looked for who signs in for the first time, in milliseconds. */
const LOOK_MS = 2_000;

export interface ServiceArgs {
  readonly configuration: Configuration;
  readonly leadership: Leadership;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told at each step: the process is alive. */
  readonly alive: () => void;
}

/** Runs until the signal. */
export function runService(args: ServiceArgs, signal: AbortSignal): Promise<void> {
  return args.leadership.run((leading) => lead(args, leading), signal);
}

async function lead(
  { configuration, leadership, log, metrics, alive }: ServiceArgs,
  signal: AbortSignal,
): Promise<void> {
  const { sync, rights, homeserver: matrix } = configuration;
  const intervalMs = sync.intervalSeconds * 1000;
  const homeserver = new Homeserver({ ...matrix, actionsPerSecond: sync.actionsPerSecond }, () => leadership.mayAct());
  const workshop = {
    homeserver,
    accounts: new Accounts(homeserver, matrix.authProvider),
    rooms: new Rooms(homeserver),
    ledger: new LedgerStore(homeserver),
  };
  const settings = {
    rights,
    maxUploadMiB: matrix.maxUploadMiB,
    maxLeavers: sync.maxLeavers,
    rehire: sync.rehire,
    protectedAccounts: new Set(matrix.protectedAccounts),
    dryRun: sync.dryRun,
  };
  const reader = directoryReader(configuration.directory);
  const approval = () => leadership.approval();
  const reconciler = new Reconciler({ settings, reader, workshop, log, metrics, approval });
  metrics.leader.set(1);
  try {
    let ready = false;
    while (!signal.aborted) {
      alive();
      const next = performance.now() + intervalMs;
      try {
        if (!ready) {
          await homeserver.signIn();
          await workshop.ledger.load();
          ready = true;
        }
        const { whole, failed } = await reconciler.run(signal);
        // One that was cut short goes on at once; one in which something failed is tried again in its time.
        if (whole || failed > 0 || settings.dryRun) await welcomeUntil(next, reconciler, signal, alive);
      } catch (error) {
        if (error instanceof NotLeaderError) throw error;
        log.error("the comparison failed; nobody is changed by it", { error: messageOf(error) });
        await pause(Math.max(0, next - performance.now()), signal);
      }
    }
  } catch (error) {
    if (!(error instanceof NotLeaderError)) throw error;
    log.warn("stopped acting", { error: error.message });
  } finally {
    metrics.leader.set(0);
    metrics.lastWholeRun.at = 0;
    homeserver.close();
  }
}

/** Until the next comparison is due, looks for newcomers. */
async function welcomeUntil(
  next: number,
  reconciler: Reconciler,
  signal: AbortSignal,
  alive: () => void,
): Promise<void> {
  for (let left = next - performance.now(); left > 0 && !signal.aborted; left = next - performance.now()) {
    await pause(Math.min(left, LOOK_MS), signal);
    alive();
    if (await reconciler.welcome(signal)) return;
  }
}
