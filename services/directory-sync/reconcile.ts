/** One comparison of the directory and Matrix after the other. Each starts from nothing: none can be half done for ever. */
import { randomUUID } from "node:crypto";
import { groupsOfRights, levelIn } from "../../components/identity/rights.ts";
import { type Log, messageOf } from "../runtime/log.ts";
import type { Action, Refusal } from "./core/actions.ts";
import { agreed, takesAway } from "./core/agree.ts";
import { isManaged } from "./core/leavers.ts";
import type { Account, Directory, Matrix, RoomState } from "./core/model.ts";
import { type Plan, type PlanSettings, plan } from "./core/plan.ts";
import type { DirectoryReader } from "./ldap/directory.ts";
import { NotLeaderError } from "./matrix/homeserver.ts";
import { type PhotoSource, perform, type Workshop } from "./matrix/perform.ts";
import type { Metrics } from "./metrics.ts";

export interface ReconcilerArgs {
  readonly settings: PlanSettings & { readonly dryRun: boolean };
  readonly reader: DirectoryReader;
  readonly workshop: Workshop;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Fingerprint of the leavers that an operator allows now. */
  readonly approval: () => string | undefined;
  /** Time after which a comparison begins anew, in milliseconds: leavers come first again. @default 60000 */
  readonly longestRunMs?: number;
}

export interface RunResult {
  /** Whether Matrix is now as the directory says. */
  readonly whole: boolean;
  readonly actions: number;
  readonly failed: number;
  readonly refusals: readonly Refusal[];
}

export class Reconciler {
  private readonly args: ReconcilerArgs;
  /** What the last comparison saw, for those who sign in before the next. */
  private seen: { readonly directory: Directory; readonly matrix: Matrix; readonly at: number } | undefined;

  constructor(args: ReconcilerArgs) {
    this.args = args;
  }

  /** Compares everything, and changes in Matrix what differs. */
  async run(signal: AbortSignal): Promise<RunResult> {
    const { metrics } = this.args;
    const started = performance.now();
    try {
      const result = await this.compare(randomUUID(), signal);
      metrics.runs.inc({ result: result.whole ? "done" : "interrupted" });
      if (result.whole) metrics.lastWholeRun.at = performance.now();
      return result;
    } catch (error) {
      metrics.runs.inc({ result: "failed" });
      throw error;
    } finally {
      metrics.duration.observe((performance.now() - started) / 1000);
    }
  }

  /**
   * Gives those who have signed in for the first time what is theirs, without a look at everybody else.
   *
   * @returns whether a whole comparison is needed at once, since somebody is there who should not be, or is not known
   */
  async welcome(signal: AbortSignal): Promise<boolean> {
    if (this.seen === undefined) return true;
    const made = (await this.args.workshop.accounts.made()).filter(isManaged);
    if (made.length === 0) return false;
    const { directory, matrix } = this.seen;
    const accounts = [...matrix.accounts, ...made];
    const newcomers = new Set(made.map(({ mxid }) => mxid));
    const { actions, leavers } = this.planFor(directory, { ...matrix, accounts });
    const own = actions.filter((action) => isAbout(action, newcomers) && !takesAway(action));
    this.seen = { ...this.seen, matrix: { ...matrix, accounts } };
    await this.perform(own, { id: randomUUID(), signal, until: Number.POSITIVE_INFINITY });
    return leavers.some(({ mxid }) => newcomers.has(mxid));
  }

  private async compare(id: string, signal: AbortSignal): Promise<RunResult> {
    const { reader, log, metrics, settings, longestRunMs = 60_000 } = this.args;
    const names = groupsOfRights(settings.rights);
    const until = performance.now() + longestRunMs;
    const directory = await reader.read(names);
    const matrix = await this.readMatrix(directory);
    let wanted = this.planFor(directory, matrix);
    if (wanted.actions.some(takesAway)) {
      const second = await reader.read(names);
      wanted = agreed(wanted, this.planFor(second, matrix));
      await this.refuseIfPresent(wanted);
    }
    this.seen = { directory, matrix, at: performance.now() };
    this.tell(directory, matrix, wanted.refusals);
    const { done, failed } = await this.perform(wanted.actions, { id, signal, until });
    const whole = failed === 0 && done === wanted.actions.length && !settings.dryRun;
    const { length } = wanted.actions;
    if (length > 0 || failed > 0) log.info("compared", { run: id, actions: length, done, failed, whole });
    metrics.people.set(directory.people.size);
    return { whole, actions: length, failed, refusals: wanted.refusals };
  }

  /** Somebody who seems to be gone is asked for by name: a listing that left them out must not cost them their account. */
  private async refuseIfPresent({ actions }: Plan): Promise<void> {
    const absent = actions.flatMap((action) =>
      action.kind === "deactivate" && action.reason === "absent" ? [action.directoryId] : [],
    );
    const present = await this.args.reader.present(absent);
    if (present.size > 0)
      throw new Error(
        `The directory left out ${present.size} people whom it has (${[...present].slice(0, 3).join(", ")}): nothing is done by such an answer.`,
      );
  }

  private planFor(directory: Directory, matrix: Matrix): Plan {
    const { settings, workshop, approval } = this.args;
    return plan({ settings, directory, matrix, ledger: workshop.ledger, approval: approval() });
  }

  private async readMatrix(directory: Directory): Promise<Matrix> {
    const { workshop, settings } = this.args;
    const { homeserver, accounts, rooms, ledger } = workshop;
    const all = await accounts.all();
    const people = all.filter(isManaged).flatMap((account) => {
      const person = directory.people.get(account.directoryId);
      return person === undefined || account.deactivated ? [] : [{ mxid: account.mxid, person }];
    });
    const found = new Map<string, RoomState>();
    for (const [places, space] of [
      [settings.rights.spaces, true],
      [settings.rights.rooms, false],
    ] as const) {
      for (const [alias, place] of Object.entries(places)) {
        const expected = people.flatMap(({ mxid, person }) =>
          levelIn(place, person.groups) === undefined ? [] : [mxid],
        );
        const room = await rooms.read(alias, space, expected);
        if (room === undefined) continue;
        if (room.members.has(homeserver.self)) await ledger.loadRoom(room.id);
        found.set(alias, room);
      }
    }
    return { self: homeserver.self, accounts: all, rooms: found };
  }

  /** Does one thing after the other. What fails is told, and left to the next comparison. */
  private async perform(
    actions: readonly Action[],
    run: { readonly id: string; readonly signal: AbortSignal; readonly until: number },
  ): Promise<{ done: number; failed: number }> {
    const photos = actions.filter(({ kind }) => kind === "setPhoto");
    const others = actions.filter(({ kind }) => kind !== "setPhoto");
    const noPhoto = () => Promise.resolve(undefined);
    const counts = { done: 0, failed: 0 };
    await this.performAll(others, run, noPhoto, counts);
    if (photos.length === 0 || this.args.settings.dryRun) {
      if (photos.length > 0) await this.performAll(photos, run, noPhoto, counts);
      return counts;
    }
    try {
      await this.args.reader.photos((photo) => this.performAll(photos, run, photo, counts));
    } finally {
      await this.args.workshop.ledger.flush();
    }
    return counts;
  }

  private async performAll(
    actions: readonly Action[],
    { id, signal, until }: { readonly id: string; readonly signal: AbortSignal; readonly until: number },
    photo: PhotoSource,
    counts: { done: number; failed: number },
  ): Promise<void> {
    const { settings, log, metrics, workshop } = this.args;
    const failedRooms = new Set<string>();
    for (const action of actions) {
      if (signal.aborted || performance.now() > until) return;
      const fields = { run: id, ...auditOf(action) };
      // What is still in a room although it should not be must not be forgotten.
      if (action.kind === "remember" && action.when === "after" && failedRooms.has(action.alias)) continue;
      if (settings.dryRun) {
        log.audit({ ...fields, result: "dryRun" });
        metrics.actions.inc({ kind: action.kind, result: "dryRun" });
        counts.done++;
        continue;
      }
      try {
        await perform(action, workshop, photo);
        counts.done++;
        log.audit({ ...fields, result: "done" });
        metrics.actions.inc({ kind: action.kind, result: "done" });
      } catch (error) {
        if (error instanceof NotLeaderError) throw error;
        counts.failed++;
        if ("alias" in action) failedRooms.add(action.alias);
        log.audit({ ...fields, result: "failed", error: messageOf(error) });
        metrics.actions.inc({ kind: action.kind, result: "failed" });
      }
    }
  }

  private tell(directory: Directory, { accounts }: Matrix, refusals: readonly Refusal[]): void {
    const { metrics, log } = this.args;
    metrics.people.set(directory.people.size);
    metrics.groups.set(directory.groups.size);
    const states = { active: 0, deactivated: 0, other: 0 };
    for (const account of accounts) states[stateOf(account)]++;
    for (const [state, count] of Object.entries(states)) metrics.accounts.set({ state }, count);
    metrics.refused.reset();
    for (const { reason, message } of refusals) {
      metrics.refusals.inc({ reason });
      metrics.refused.inc({ reason });
      log.error(message, { refused: reason });
    }
  }
}

function stateOf(account: Account): "active" | "deactivated" | "other" {
  if (!isManaged(account)) return "other";
  return account.deactivated ? "deactivated" : "active";
}

/** Whether an action gives something to one of these accounts, or is needed for that. */
function isAbout(action: Action, mxids: ReadonlySet<string>): boolean {
  switch (action.kind) {
    case "setLevels":
      return [...action.levels.keys()].every((mxid) => mxids.has(mxid));
    case "remember":
      return action.when === "before";
    default:
      return "mxid" in action && mxids.has(action.mxid);
  }
}

/** What of an action goes into the log: identifiers, no names and nothing of a person. */
function auditOf(action: Action): Readonly<Record<string, unknown>> {
  const { kind } = action;
  switch (action.kind) {
    case "approve":
      return { action: kind, mxids: action.mxids };
    case "setLevels":
      return {
        action: kind,
        room: action.alias,
        levels: Object.fromEntries([...action.levels].map(([mxid, level]) => [mxid, level ?? null])),
      };
    case "remember":
      return { action: kind, room: action.alias, grants: action.grants.size };
    case "createRoom":
      return { action: kind, room: action.alias };
    case "setRoomState":
      return { action: kind, room: action.alias, type: action.type };
    case "addChild":
      return { action: kind, room: action.alias, child: action.child };
    default: {
      const { mxid, directoryId } = action;
      return {
        action: kind,
        mxid,
        directoryId,
        ...("alias" in action && { room: action.alias }),
        ...("reason" in action && { reason: action.reason }),
        ...("admin" in action && { admin: action.admin }),
        ...("userType" in action && { userType: action.userType }),
        ...("displayName" in action && { changes: "displayName" }),
      };
    }
  }
}
