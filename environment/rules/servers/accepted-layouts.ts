import type { Problem } from "../../messages/problems.ts";
import { layoutName } from "../../servers/layout-name.ts";
import { storageOf } from "../../servers/resolve-storage.ts";
import { rule, when } from "../rule.ts";
import { described, isSound } from "./machines.ts";

/** An acceptance is for one layout. One that is left standing, or mistyped, would be taken for protection or for consent. */
export const acceptedLayoutRules = [
  rule(["servers"], ({ servers }) =>
    described(servers).flatMap(({ path, machine }): Problem[] => {
      const { acceptedLayout } = machine;
      if (acceptedLayout === undefined || !isSound(servers, machine)) return [];
      return when(
        acceptedLayout !== layoutName(storageOf(servers, machine)),
        `${path}.acceptedLayout`,
        acceptedLayout,
        "the name of the layout that its disks are described to have now",
        "remove it: where the change would lose data, the preview says which, and names the layout",
      );
    }),
  ),
];
