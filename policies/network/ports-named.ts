import { z } from "zod";
import { each, kindRule, withSettings } from "../pack/rule.ts";
import { trafficOf } from "./traffic.ts";

export const portsNamed = withSettings(
  z.strictObject({
    widestRange: z
      .int()
      .min(1)
      .default(100)
      .describe("Ports that one range may have; calls, which take a port each, need some thousands."),
  }),
  ({ widestRange }) =>
    kindRule("NetworkPolicy", {
      id: "network-ports-named",
      title: "Every rule of the network names its ports",
      why: "Without ports a rule opens all that a pod listens on, now and later: its metrics, its debugger, its neighbour's sidecar. An auditor cannot tell what the connection is for.",
      fix: "Name `ports`, each with its number and protocol; if a range must be that wide, raise the rule's setting `widestRange`.",
      severity: "high",
      controls: { nsa: ["network/policies"], iso: ["A.8.20"], gbt: ["8.1.3.2 c)", "8.1.4.4 b)"] },
      check({ props: { spec = {} } }, report) {
        each(trafficOf(spec), ({ direction, ports }) => {
          const rule = `a rule for ${direction.toLowerCase()}`;
          if (ports.length === 0) report(`${rule} names no ports`);
          each(ports, ({ port, endPort, protocol = "TCP" }) => {
            if (port === undefined) report(`${rule} opens every ${protocol} port`);
            else if (endPort !== undefined && endPort - Number(port) >= widestRange) {
              report(`${rule} opens the ${endPort - Number(port) + 1} ports ${port}-${endPort}`);
            }
          });
        });
      },
    }),
);
