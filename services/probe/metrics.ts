import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Outcome } from "./outcome.ts";

export const checks = ["messages", "sign-ins"] as const;
export type Check = (typeof checks)[number];

/** Around what is promised, 2 s, and what people notice. In seconds. */
const BUCKETS = [0.025, 0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10];

/** What the probe has seen, for Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const messages = new Counter({
    name: "roost_probe_messages_total",
    help: "Messages of the probe: seen in time, seen late, failed, or blocked because its account is",
    labelNames: ["result"] as const,
    registers,
  });
  const signIns = new Counter({
    name: "roost_probe_sign_ins_total",
    help: "Attempts of the probe to sign in: done, failed, or blocked because its account is",
    labelNames: ["result"] as const,
    registers,
  });
  const messageSeconds = new Histogram({
    name: "roost_probe_message_seconds",
    help: "Time from a message's sending until the other account has seen it",
    buckets: BUCKETS,
    registers,
  });
  const signInSeconds = new Histogram({
    name: "roost_probe_sign_in_seconds",
    help: "Time that a sign-in takes",
    buckets: BUCKETS,
    registers,
  });
  const lastSuccess = new Gauge({
    name: "roost_probe_last_success_timestamp_seconds",
    help: "When a check last succeeded; 0 if it never has since the probe started",
    labelNames: ["check"] as const,
    registers,
  });
  // A series that begins with its first failure has no increase that a rate could see.
  for (const result of ["seen", "late", "failed", "blocked"]) messages.inc({ result }, 0);
  for (const result of ["done", "failed", "blocked"]) signIns.inc({ result }, 0);
  for (const check of checks) lastSuccess.set({ check }, 0);

  const succeeded = (check: Check) => lastSuccess.set({ check }, Date.now() / 1000);
  return {
    registry,
    /** @param lateSeconds from when on a message that was seen is late */
    message(outcome: Outcome, lateSeconds: number): void {
      const late = outcome.kind === "done" && outcome.seconds > lateSeconds;
      messages.inc({ result: outcome.kind !== "done" ? outcome.kind : late ? "late" : "seen" });
      if (outcome.kind !== "done") return;
      messageSeconds.observe(outcome.seconds);
      if (!late) succeeded("messages");
    },
    signIn(outcome: Outcome): void {
      signIns.inc({ result: outcome.kind });
      if (outcome.kind !== "done") return;
      signInSeconds.observe(outcome.seconds);
      succeeded("sign-ins");
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
