import type { MatrixSettings, SynapseSizing } from "./settings.ts";
import type { SingleSignOnRules } from "./single-sign-on.ts";

/** Settings for tests, which change what they are about. */
export const settings: MatrixSettings = {
  host: "matrix.example.org",
  webHost: "chat.example.org",
  encryption: "invite",
  media: { maxUploadMiB: 50 },
  retention: { messagesDays: "forever", mediaDays: "forever", redactedDays: 7 },
  urlPreviews: { kind: "off" },
  rateLimits: { sharedAddresses: true, messagesPerSecond: 5, messageBurst: 50 },
  administrator: { localpart: "admin" },
};

export const sizing: SynapseSizing = {
  cpus: 0.5,
  memoryMiB: 1024,
  storageGiB: 20,
  connections: { min: 5, max: 12 },
  caches: { globalFactor: 1, eventCacheSize: 20_000, maxMemoryMiB: 512, targetMemoryMiB: 400 },
};

export const addresses = { url: "https://matrix.example.org", webUrl: "https://chat.example.org" };

/** An identity provider's client, as it is after a connection has been made. */
export const oidcConnection = {
  issuer: "https://id.example.org/realms/company",
  clientId: "matrix",
  authorizationEndpoint: "https://id.example.org/realms/company/protocol/openid-connect/auth",
  tokenEndpoint: "https://keycloak.chat.svc:8443/realms/company/protocol/openid-connect/token",
  userinfoEndpoint: "https://keycloak.chat.svc:8443/realms/company/protocol/openid-connect/userinfo",
  jwksUri: "https://keycloak.chat.svc:8443/realms/company/protocol/openid-connect/certs",
  claims: { subject: "directory_id", login: "preferred_username", name: "name", groups: "groups" },
} as const;

export const signInRules: SingleSignOnRules = {
  identifiers: "login",
  groups: ["staff", "IT & Büro"],
  userTypes: {
    "member-rooms-50": { createRooms: true, maxUploadMiB: 50 },
    "member-10": { createRooms: false, maxUploadMiB: 10 },
  },
};
