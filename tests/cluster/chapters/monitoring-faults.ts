import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { AlertReceiver } from "../alert-receiver.ts";
import { type AlertingFault, alertingFaults, SERVICE_LEVELS } from "../alerting-faults.ts";
import { eventually } from "../command.ts";
import { Monitoring } from "../monitoring.ts";
import type { Stage } from "../stage.ts";

/** The longest that a rule waits is ten minutes; what is asked over as long a window takes as much again. */
const TOLD_SECONDS = 25 * 60;
const OVER_SECONDS = 25 * 60;
/** A page of the service levels is over when the half hour after the outage is. */
const PROMISES_SECONDS = 50 * 60;
const LOOK_MS = 2000;

/** Each fault as it happens in production, with the production rules: the right people are told, of it alone, and that it is over. */
export function monitoringFaults(stage: Stage, receiver: AlertReceiver): void {
  const monitoring = new Monitoring(stage.namespace, stage.caFile);

  /** Names of alerts that the receiver was told of since then, but for the heartbeat. */
  const told = (status: "firing" | "resolved", since: number, path?: string) =>
    new Map(
      receiver.told
        .filter((each) => each.path !== "/alive" && each.atMs >= since && (path === undefined || each.path === path))
        .flatMap(({ atMs, alerts }) =>
          alerts
            .filter((alert) => alert.status === status)
            .map(({ labels }) => [labels.alertname ?? "", atMs] as const),
        )
        // The first time counts.
        .reverse(),
    );
  /** Names of alerts that hold, whether or not for long enough yet. */
  const raised = async (states: readonly string[] = ["pending", "firing"]) => {
    const alerts = await monitoring.alerts();
    const holding = alerts.filter(({ state }) => states.includes(state));
    return new Set(holding.map(({ labels }) => labels.alertname ?? "").filter((name) => name !== "Watchdog"));
  };

  describe("while something is wrong, somebody", () => {
    /** What an outage leaves behind for hours. */
    const aftermath = new Set<string>();

    beforeAll(async () => {
      await receiver.start();
      await monitoring.start();
      const quiet = async () => {
        const firing = await raised(["firing"]);
        // Until now nobody has listened.
        firing.delete("AlertmanagerCannotNotify");
        return firing.size === 0 ? true : undefined;
      };
      await eventually("nothing to be wrong", 600, quiet, LOOK_MS);
    }, 15 * 60_000);

    afterAll(async () => {
      monitoring.stop();
      await receiver.stop();
    });

    /** Until people have been told of it and then that it is over. */
    const follow = async ({ name, alert, severity, make, undo, title }: AlertingFault, began: number) => {
      try {
        await make();
        const made = Date.now();
        const atMs = await eventually(
          `somebody to be told of ${alert}`,
          TOLD_SECONDS,
          async () => told("firing", began, `/${severity}`).get(alert),
          LOOK_MS,
        );
        stage.record(`alert_seconds_${name}`, { value: (atMs - made) / 1000, unit: "s", n: 1, note: title });
      } finally {
        await undo();
      }
      const undone = Date.now();
      const over = async () => told("resolved", undone, `/${severity}`).get(alert);
      const overAt = await eventually(`somebody to be told that ${alert} is over`, OVER_SECONDS, over, LOOK_MS);
      stage.record(`alert_over_seconds_${name}`, { value: (overAt - undone) / 1000, unit: "s", n: 1, note: title });
    };

    it.each(alertingFaults(stage).map((faults) => ({ faults, title: faults.map(({ title }) => title).join(" and ") })))(
      "is told of it: $title",
      async ({ faults }) => {
        const alerts = faults.map(({ alert }) => alert);
        const forgotten = async () => {
          const holding = await raised();
          return alerts.some((alert) => holding.has(alert)) ? undefined : true;
        };
        await eventually(`an end of ${alerts.join(", ")}`, OVER_SECONDS, forgotten, LOOK_MS);
        const known = await raised();
        const began = Date.now();
        const ended = await Promise.allSettled(faults.map((fault) => follow(fault, began)));
        const along = faults.flatMap(({ along = [] }) => along);
        for (const promise of SERVICE_LEVELS) if (along.includes(promise)) aftermath.add(promise);
        expect(ended.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []))).toEqual([]);
        const expected = new Set([...alerts, ...along, ...known, ...aftermath]);
        expect([...told("firing", began).keys()].filter((each) => !expected.has(each))).toEqual([]);
      },
      TOLD_SECONDS * 1000 + OVER_SECONDS * 2000 + 600_000,
    );

    it(
      "is told in the end that people can chat again, and is woken by nothing else",
      async () => {
        const pages = async () => {
          const alerts = await monitoring.alerts();
          return alerts.some(({ labels, state }) => labels.severity === "page" && state === "firing")
            ? undefined
            : true;
        };
        await eventually("the last page to end", PROMISES_SECONDS, pages, LOOK_MS);
        const since = (receiver.told[0]?.atMs ?? 0) - 1;
        expect([...told("resolved", since, "/page").keys()]).toContain("MessagesFailing");
        const woken = [...told("firing", since, "/page").keys()];
        const pagesOfFaults = alertingFaults(stage)
          .flat()
          .flatMap(({ severity, alert, along = [] }) => (severity === "page" ? [alert, ...along] : along));
        expect(woken.filter((each) => !pagesOfFaults.includes(each))).toEqual([]);
      },
      PROMISES_SECONDS * 1000 + 60_000,
    );
  });
}
