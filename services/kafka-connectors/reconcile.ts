/** Brings connectors to what is declared, again and again: whatever has changed them, and whenever one fails. */
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "./metrics.ts";
import { type Action, actionsNeeded } from "./needed.ts";
import { Patience } from "./patience.ts";
import type { ConnectorsSpecification } from "./specification.ts";
import type { Connectors, Worker } from "./worker.ts";

export interface ReconcilerArgs {
  readonly specification: Pick<ConnectorsSpecification, "connectors" | "restart">;
  readonly worker: Pick<Worker, "id" | "isHealthy" | "connectors" | "configure" | "remove" | "resume" | "restart">;
  readonly metrics: Metrics;
  readonly log: Log;
}

export class Reconciler {
  private readonly args: ReconcilerArgs;
  private readonly patience: Patience;

  constructor(args: ReconcilerArgs) {
    this.args = args;
    this.patience = new Patience(args.specification.restart);
  }

  /** Looks once, and does what is needed. @throws Error when the worker does not answer, or does not do it */
  async pass(now = performance.now()): Promise<void> {
    const { specification, worker } = this.args;
    // Before that it does not know what connectors there are, and says that there are none.
    if (!(await worker.isHealthy())) throw new Error("the worker does not take part in its group");
    const found = await worker.connectors();
    this.measure(found);
    for (const action of actionsNeeded(specification.connectors, found, worker.id)) {
      if (action.kind === "restart" && !this.patience.isOver(nameOf(action), now)) continue;
      await this.act(action);
    }
  }

  private async act(action: Action): Promise<void> {
    const { specification, worker, metrics, log } = this.args;
    const { kind, connector, ...details } = action;
    log.info(`connector ${connector}: ${kind}`, details);
    switch (action.kind) {
      case "configure":
        await worker.configure(connector, specification.connectors[connector] ?? {});
        break;
      case "remove":
        await worker.remove(connector);
        break;
      case "resume":
        await worker.resume(connector);
        break;
      case "restart":
        await worker.restart(connector, action.task);
        break;
    }
    metrics.actions.inc({ connector, kind });
  }

  private measure(found: Connectors): void {
    const { specification, metrics } = this.args;
    for (const connector of Object.keys(specification.connectors)) {
      const status = found[connector]?.status;
      const states = status === undefined ? [] : [status.connector, ...status.tasks].map(({ state }) => state);
      const running = status?.tasks.filter(({ state }) => state === "RUNNING") ?? [];
      metrics.tasks.set({ connector }, running.length);
      metrics.failed.set({ connector }, states.includes("FAILED") ? 1 : 0);
    }
  }
}

function nameOf({ connector, task }: Extract<Action, { kind: "restart" }>): string {
  return task === undefined ? connector : `${connector} ${task}`;
}
