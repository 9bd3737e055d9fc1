import { z } from "zod";
import { isProduction } from "../pack/intent.ts";
import type { Resource } from "../pack/resource.ts";
import { each, stackRule, withSettings } from "../pack/rule.ts";
import { matchesUrn } from "../pack/waivers.ts";
import { lossOf } from "./state.ts";

export const stateProtected = withSettings(
  z.strictObject({
    keys: z
      .array(z.string())
      .default(["*random:index/randomBytes:RandomBytes::*", "*random:index/randomPassword:RandomPassword::*pepper*"])
      .describe("URNs, with * for any text, of secrets that something is signed, encrypted or hashed with."),
  }),
  ({ keys }) => {
    const lossWith = (resource: Resource, stack: readonly Resource[]) =>
      keys.some((pattern) => matchesUrn(pattern, resource.urn))
        ? "what it has signed, encrypted or hashed"
        : lossOf(resource, stack);
    return stackRule({
      id: "backup-state-protected",
      title: "In production, nothing that holds state is removed by a change that did not mean to",
      why: "Renaming a resource, or moving it in the program, makes the engine delete the old one and all that it held. Protected, it stays, and the change fails until somebody has said that it may go.",
      fix: "Give the resource the option `protect: true` (in this project by `roost:protection: production`).",
      severity: "critical",
      controls: { iso: ["A.5.33", "A.8.32"] },
      appliesTo: isProduction,
      check(stack, report) {
        if (!isProduction(stack)) return;
        each(stack, (resource) => {
          const loss = resource.protect ? undefined : lossWith(resource, stack);
          const kind = resource.type.split(":").at(-1);
          if (loss !== undefined) report(`the ${kind} is not protected, and with it goes ${loss}`, resource);
        });
      },
    });
  },
);
