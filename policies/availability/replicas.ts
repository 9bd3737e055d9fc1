import { z } from "zod";
import { nameOf } from "../pack/resource.ts";
import { withSettings } from "../pack/rule.ts";
import { availabilityRule } from "./serving.ts";

export const replicas = withSettings(
  z.strictObject({
    minimum: z.int().min(2).default(2).describe("Pods that every workload has at least."),
    single: z
      .record(z.string(), z.string().min(10))
      .default({
        synapse:
          "Synapse's main process is the only one of its kind by design: two would corrupt what they write. It starts again within seconds, for which the edge lets requests wait.",
        grafana:
          "Who has signed in at one Grafana is unknown to another, unless they share a database. Nobody chats by it, alerts do without it, and it starts again within a minute.",
        probe:
          "The probe's two accounts talk to each other: a second pod would end the sessions of the first. Nobody notices when it ends but who is told that nothing is measured, and it starts again within seconds.",
        "object-store":
          "The object store has its objects on a volume that two nodes cannot share. Nobody chats by it: what is to be archived waits in Kafka. It starts again within seconds, on another node when the volume has let go of the first.",
      })
      .describe(
        "Workloads that cannot have two pods, by the object's name, and why: what users notice when the one ends.",
      ),
  }),
  ({ minimum, single }) =>
    availabilityRule({
      id: "availability-replicas",
      title: "Where an environment has to be highly available, every workload that serves has a second pod",
      why: "A pod ends with its node, with every update and whenever it fails. If it is the only one, users wait until another has been scheduled, started and found ready.",
      fix: "Raise `replicas`; what can run only once is named in the rule's setting `single`, with the reason.",
      severity: "high",
      controls: { iso: ["A.8.14"], gbt: ["8.1.2.1 e)", "8.1.4.9 c)"] },
      check({ resource, replicas: count }, report) {
        const { name = resource.name } = resource.props.metadata ?? {};
        if (count < minimum && single[name] === undefined) {
          report(
            `${nameOf(resource)} has ${count === 1 ? "one pod" : `${count} pods`}, less than ${minimum}`,
            resource,
          );
        }
      },
    }),
);
