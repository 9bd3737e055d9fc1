import { isKind, type Resource } from "../pack/resource.ts";
import type { Listener, TlsEnd } from "./ends.ts";
import { haproxyListeners, haproxyUpstreams } from "./haproxy.ts";
import { nginxListeners } from "./nginx.ts";
import { synapseListeners } from "./synapse.ts";
import { type Version, versionOf } from "./versions.ts";

/** Every listener that a resource configures. */
export function listenersOf(resource: Resource): readonly Listener[] {
  return [
    ...haproxyListeners(resource),
    ...nginxListeners(resource),
    ...synapseListeners(resource),
    ...ingressListeners(resource),
  ];
}

function ingressListeners(resource: Resource): readonly Listener[] {
  if (!isKind(resource, "Ingress")) return [];
  const encrypted = (resource.props.spec?.tls ?? []).length > 0;
  return [{ where: "the Ingress", encrypted, mayBePlain: false }];
}

/** Every end of a connection whose versions and ciphers a resource sets. */
export function tlsEndsOf(resource: Resource): readonly Required<TlsEnd>[] {
  return [...listenersOf(resource), ...haproxyUpstreams(resource), ...postgres(resource)].flatMap(
    ({ where, settings }) => (settings === undefined ? [] : [{ where, settings }]),
  );
}

/** What CloudNativePG takes where nothing is said. @source https://cloudnative-pg.io/documentation/1.28/postgresql_conf/ */
const postgresDefault: Version = "TLSv1.3";

function postgres(resource: Resource): readonly TlsEnd[] {
  if (!isKind(resource, "Cluster")) return [];
  const { ssl_min_protocol_version: oldest, ssl_ciphers: ciphers } = resource.props.spec?.postgresql?.parameters ?? {};
  const settings = {
    oldest: oldest === undefined ? postgresDefault : versionOf(oldest),
    ciphers: ciphers === undefined ? [] : [ciphers],
  };
  return [{ where: "PostgreSQL", settings }];
}

/** The list, or nothing where it is empty: what a rule that has nothing to judge wants to know. */
export function someOf<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}
