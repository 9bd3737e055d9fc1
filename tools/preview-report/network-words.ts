/** Says what network policies allow. */
import { type Flow, isEverything, NAMESPACE_NAME, type Peer, type Port } from "./network-policies.ts";
import { list, Prose, say } from "./prose.ts";
import { at, entriesOf, hasUnknown, itemsOf, type Value } from "./value.ts";
import { valueText } from "./words.ts";

/** "pods `edge` may be reached by anybody, anywhere on port 8443" */
export function flowText({ direction, pods, peer, port, policy }: Flow): Prose {
  const [who, whom] = [podsText(pods), peerText(peer, policy.namespace)];
  return direction === "Ingress"
    ? say`${who} may be reached by ${whom} on ${portText(port)}`
    : say`${who} may reach ${whom} on ${portText(port)}`;
}

/** Labels that most pods of a stack share. Source: "Recommended Labels" in the documentation of Kubernetes. */
const SHARED_LABEL = /^app\.kubernetes\.io\/(instance|part-of|managed-by|version)$/;

/** The pods that a selector chooses, by their name where they have one. */
export function podsText(selector: Value): Prose {
  if (hasUnknown(selector)) return new Prose("pods that are known only at `up`");
  const labels = entriesOf(at(selector, "matchLabels"));
  const expressions = itemsOf(at(selector, "matchExpressions")).map(valueText);
  if (labels.length + expressions.length === 0) return new Prose("every pod");
  const telling = labels.filter(([key]) => labels.length === 1 || !SHARED_LABEL.test(key));
  const names = telling.map(([key, value]) => (telling.length === 1 ? valueText(value) : `${key}=${valueText(value)}`));
  return say`pods ${list([...names, ...expressions], 4)}`;
}

function peerText(peer: Peer, namespace: string): Prose {
  if (peer.kind === "unknown") return new Prose("somebody who is known only at `up`");
  if (peer.kind === "anybody") return new Prose("anybody, anywhere");
  if (peer.kind === "addresses") {
    return peer.except.length === 0 ? say`${peer.cidr}` : say`${peer.cidr} except ${list(peer.except, 4)}`;
  }
  const pods = podsText(peer.pods);
  if (isEverything(peer.namespaces)) return say`${pods} of every namespace`;
  const names = entriesOf(at(peer.namespaces, "matchLabels")).map(([key, value]) =>
    key === NAMESPACE_NAME ? valueText(value) : `${key}=${valueText(value)}`,
  );
  if (names.length === 1 && names[0] === namespace) return pods;
  return names.length === 0 ? say`${pods} of some namespaces` : say`${pods} of namespace ${list(names, 4)}`;
}

function portText(port: Port): Prose {
  if (port.kind === "unknown") return new Prose("ports that are known only at `up`");
  if (port.kind === "any") return new Prose("every port");
  const protocol = port.protocol === "TCP" ? new Prose("") : say` (${port.protocol})`;
  if (port.kind === "named") return say`port ${port.name}${protocol}`;
  if (port.from === port.to) return say`port ${port.from}${protocol}`;
  return port.from === 1 && port.to === 65535
    ? say`every port${protocol}`
    : say`ports ${port.from} to ${port.to}${protocol}`;
}
