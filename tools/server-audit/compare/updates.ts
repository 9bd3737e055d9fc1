import type { Server } from "../../../components/servers/model.ts";
import { type Check, check, type Statement } from "../check.ts";
import type { Facts, Observed } from "../facts/index.ts";
import type { PendingUpdates } from "../facts/packages.ts";

/** What the machine knows of its mirror is worth nothing after so many days. */
const MOST_DAYS = 3;

/** Packages that wait, by what the machine already knows of its mirror. */
export function updateChecks({ updates }: Server, { pendingUpdates }: Facts): readonly Check[] {
  const { automatic, reboot } = updates;
  const about = (leaf: string, said: Omit<Statement, "area" | "setting">): Statement => ({
    area: "updates",
    setting: `roost:servers.updates.${leaf}`,
    ...said,
  });
  const remedy =
    "They are installed in the maintenance window; where that did not happen, look at the journal of its timer.";
  return [
    check(
      about("automatic", {
        subject: "security updates",
        expected: "none pending",
        severity: "warning",
        remedy,
      }),
      fresh(pendingUpdates),
      ({ packages }) => shown(packages.filter(({ security }) => security).map(({ name }) => name)),
    ),
    check(
      about("automatic", {
        subject: "other updates",
        expected: "none pending",
        severity: automatic === "all" ? "warning" : "note",
        remedy,
      }),
      fresh(pendingUpdates),
      ({ packages }) => shown(packages.filter(({ security }) => !security).map(({ name }) => name)),
    ),
    check(
      about("reboot", {
        subject: "reboot",
        expected: "not asked for",
        severity: reboot === "never" ? "warning" : "note",
        remedy: "Reboot it in its window, one machine at a time: until then it runs what was replaced.",
      }),
      pendingUpdates,
      (pending) => (pending.reboot ? "an update asks for it" : undefined),
    ),
  ];
}

function fresh(pending: Observed<PendingUpdates>): Observed<PendingUpdates> {
  if (!pending.known || pending.value.ageDays <= MOST_DAYS) return pending;
  const days = Math.floor(pending.value.ageDays);
  return { known: false, why: `the machine asked its package mirror ${days} days ago, more than ${MOST_DAYS}` };
}

const MOST_NAMES = 8;

function shown(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length - MOST_NAMES;
  return `${names.length}: ${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
