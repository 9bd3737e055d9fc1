import type { Synapse } from "../pack/configuration/synapse.ts";
import { filesAt, mountedAt } from "../pack/mounts.ts";
import { namespaceOf, ofKind, type Resource } from "../pack/resource.ts";
import { synapseRule } from "./synapse-rule.ts";

export const signingKeyMounted = synapseRule({
  id: "im-signing-key-mounted",
  title: "The homeserver's signing key comes from a Secret",
  why: "The key is the server's identity. Where its file is missing Synapse makes another one without a word, and what was signed before is no longer believed.",
  fix: "Put the key into a Secret, mount that, and set `signing_key_path` to its file.",
  severity: "high",
  controls: { iso: ["A.8.24"] },
  check(synapse, report, stack) {
    const { signing_key_path: path, signing_key: inline } = synapse.main.settings;
    if (typeof path === "string") {
      const problem = problemWith(path, synapse, stack);
      if (problem !== undefined) report(`signing_key_path is ${path}, ${problem}`, synapse.pods.resource);
    } else if (inline === undefined) {
      report("signing_key_path is missing, so that a new key is made at the start", synapse.pods.resource);
    }
  },
});

function problemWith(path: string, { container, pods }: Synapse, stack: readonly Resource[]): string | undefined {
  const mounted = mountedAt(path, container, pods);
  if (mounted === undefined) return "where nothing is mounted";
  const { secret, projected, csi } = mounted.volume;
  if (projected !== undefined || csi !== undefined) return undefined;
  if (secret === undefined) return `which lies on the volume "${mounted.volume.name}" instead of in a Secret`;
  const known = ofKind(stack, "Secret").some(
    ({ props }) => props.metadata?.name === secret.secretName && namespaceOf({ props }) === pods.namespace,
  );
  const isThere = filesAt(path, container, pods, stack).length > 0;
  return known && !isThere ? `which the Secret "${secret.secretName}" does not have` : undefined;
}
