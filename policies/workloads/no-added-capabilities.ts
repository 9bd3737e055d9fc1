import { z } from "zod";
import { containerRule, each, withSettings } from "../pack/rule.ts";

export const noAddedCapabilities = withSettings(
  z.strictObject({
    allowed: z
      .array(z.string().regex(/^[A-Z_]+$/, "must be a capability's name without CAP_"))
      .default(["NET_BIND_SERVICE"])
      .describe("Capabilities that may be added, by their names without CAP_."),
  }),
  ({ allowed }) =>
    containerRule({
      id: "workloads-no-added-capabilities",
      title: "No container is given a capability but to listen on low ports",
      why: "Each capability is a part of root's power. With many of them, such as SYS_ADMIN, SYS_PTRACE or DAC_OVERRIDE, the container's walls can be climbed.",
      fix: "Remove the capability from `securityContext.capabilities.add`, and let the service do without, for example on a port above 1023.",
      severity: "high",
      controls: { cis: ["5.2.8", "5.2.9"], nsa: ["pods/enforcement"], iso: ["A.8.2", "A.8.27"] },
      check(container, report) {
        each(container.securityContext?.capabilities?.add ?? [], (capability) => {
          if (!allowed.includes(capability)) report(`adds the capability ${capability}`);
        });
      },
    }),
);
