import type { Site } from "../../edge/index.ts";
import type { Endpoint } from "../../network/index.ts";
import { realmName } from "./realm/names.ts";

const realm = `/realms/${realmName}`;

/** What of Keycloak is seen from outside: the pages on which people sign in and look after their second factor. */
export function keycloakSite(host: string, endpoint: Endpoint): Site {
  return {
    host,
    backends: [{ endpoint, paths: [realm, "/resources"] }],
    // There is no route to these; refused by name, they stay inside also when somebody adds one that is too wide.
    denied: ["/admin", "/realms/master", "/metrics", "/health", `${realm}/clients-registrations`],
    signIn: [`${realm}/login-actions`, `${realm}/protocol/openid-connect/token`],
    maxBodyMiB: 1,
    documents: {},
  };
}
