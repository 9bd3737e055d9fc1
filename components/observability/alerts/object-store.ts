import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("capacity");

const STORE = '{job="kube-state-metrics", statefulset="object-store"}';

/** Alerts about the environment's own object store, which tells nothing of itself: whether it answers is what its kubelet asks it. */
export const objectStoreAlerts: AlertGroup = {
  name: "object-store",
  rules: [
    ticket(
      "ObjectStoreUnavailable",
      `max by (namespace, statefulset) (kube_statefulset_status_replicas_ready${STORE}) < 1`,
      {
        for: "5m",
        summary: "The object store does not answer",
        description:
          "People chat. What is to be archived waits in Kafka, until its retention has passed: bring the store back before.",
      },
    ),
  ],
};
