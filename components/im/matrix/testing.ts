import type { MatrixSettings, SynapseSizing } from "./settings.ts";

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
