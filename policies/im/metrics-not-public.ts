import { listenersOf } from "../pack/configuration/homeserver-listeners.ts";
import { homeserverRule, told } from "./homeserver-rule.ts";

/** What answers other parts of the environment, without asking who they are. */
const inner = ["metrics", "replication"];

export const metricsNotPublic = homeserverRule({
  id: "im-metrics-not-public",
  title: "Metrics and the channel of workers are on listeners of their own",
  why: "Neither asks who is asking: metrics tell how many people there are and what they do, and the workers' channel acts in anybody's name. On a listener of their own the network can keep all others out.",
  fix: "Give `metrics` and `replication` each a listener of its own, on a port that the edge has no connection to.",
  severity: "high",
  controls: { iso: ["A.8.3"], gbt: ["8.1.4.4 b)"] },
  check(settings, report) {
    for (const { port, resources } of listenersOf(settings)) {
      if (!resources.some((resource) => !inner.includes(resource))) continue;
      for (const resource of inner.filter((name) => resources.includes(name))) {
        report(`the listener on port ${told(port)}, which clients use, answers ${resource} too`);
      }
    }
  },
});
