import type { KubernetesResource } from "../pack/resource.ts";
import { object } from "../pack/testing.ts";

const metadata = { name: "keycloak-realm", namespace: "chat" };

function configMap(json: unknown): KubernetesResource<"ConfigMap"> {
  return object("ConfigMap", { metadata, data: { "realm.json": JSON.stringify(json) } });
}

/** A ConfigMap with a realm in the reconciler's form: these settings of the realm, and these other parts. */
export function realm(settings: object, parts: object = {}): KubernetesResource<"ConfigMap"> {
  return configMap({ specification: { name: "company", realm: settings, clients: [], ...parts } });
}

/** The same in the form of Keycloak's exports. */
export function exported(settings: object, clients: readonly object[] = []): KubernetesResource<"ConfigMap"> {
  return configMap({ realm: "company", clients, ...settings });
}

/** An export with a directory of these settings. */
export function exportedWith(config: object): KubernetesResource<"ConfigMap"> {
  return exported({ components: { "org.keycloak.storage.UserStorageProvider": [{ providerId: "ldap", config }] } });
}

/** A relying party of these settings. */
export function client(settings: object): object {
  return { clientId: "chat", ...settings };
}

/** What rules about realms have nothing to say about. */
export const others = {
  "another configuration": object("ConfigMap", { metadata, data: { "config.json": '{"realm":1}', "a.json": "{" } }),
  "another kind of resource": object("Service", { metadata }),
};
