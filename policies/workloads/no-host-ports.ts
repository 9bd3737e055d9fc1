import { z } from "zod";
import { nameOf } from "../pack/resource.ts";
import { containerRule, each, withSettings } from "../pack/rule.ts";

export const noHostPorts = withSettings(
  z.strictObject({
    allowed: z
      .array(z.string().regex(/^[^/:]+\/[^/:]+:\d+$/, "must be namespace/workload:port"))
      .default([])
      .describe("Ports of the node that a workload may take, as namespace/workload:port, for example chat/edge:443."),
  }),
  ({ allowed }) =>
    containerRule({
      id: "workloads-no-host-ports",
      title: "No container takes a port of the node",
      why: "A port of the node is open to whoever reaches the node, past Services and their load balancers. It also ties the pod to nodes where nothing else has taken that port.",
      fix: "Leave `hostPort` out and give the pod a Service; if it must be the node's port, name that in the rule's setting `allowed`.",
      severity: "high",
      controls: {
        cis: ["5.2.12"],
        nsa: ["pods/enforcement"],
        iso: ["A.8.20"],
        gbt: ["8.1.3.1 a)", "8.1.4.4 b)"],
      },
      check(container, report, { resource }) {
        each(container.ports ?? [], ({ hostPort = 0 }) => {
          // 0 is Kubernetes' way to say none.
          if (hostPort === 0 || allowed.includes(`${nameOf(resource)}:${hostPort}`)) return;
          report(`takes port ${hostPort} of the node`);
        });
      },
    }),
);
