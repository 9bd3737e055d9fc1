import type { Volume } from "../pack/kubernetes.ts";
import { each, podRule } from "../pack/rule.ts";

/** What Kubernetes gives to files of Secrets unless it is told otherwise. */
const standardMode = 0o644;
const others = 0o007;

export const fileModes = podRule({
  id: "secrets-file-modes",
  title: "Files of Secrets can be read only by their user and group",
  why: "By default every user of the container reads them. A process that runs as another user, so that it knows less, should not have the keys of the one beside it.",
  fix: "Set `defaultMode: 0440` on the volume, and `fsGroup` in the pod's security context.",
  severity: "medium",
  controls: { nsa: ["network/secrets"], iso: ["A.8.3"], gbt: ["8.1.4.8 b)"] },
  check({ spec }, report) {
    each(spec.volumes ?? [], (volume) => {
      const modes = modesOf(volume);
      const open = modes.find((mode) => (mode & others) !== 0);
      if (open !== undefined) report(`volume "${volume.name}" has files of mode 0${open.toString(8)}`);
    });
  },
});

/** Modes of a volume's files that come from Secrets. */
function modesOf({ secret, projected }: Volume): readonly number[] {
  const projectedModes = (projected?.sources ?? []).flatMap((source) =>
    source.secret === undefined ? [] : modes(source.secret.items, projected?.defaultMode),
  );
  return [...(secret === undefined ? [] : modes(secret.items, secret.defaultMode)), ...projectedModes];
}

function modes(items: readonly { readonly mode?: number }[] | undefined, defaultMode = standardMode): number[] {
  return items === undefined ? [defaultMode] : items.map(({ mode }) => mode ?? defaultMode);
}
