import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { homeserverConfiguration } from "./homeserver.ts";
import { loggingConfiguration } from "./logging.ts";
import { secretConfiguration } from "./secret-configuration.ts";
import type { MatrixSettings } from "./settings.ts";
import { addresses, settings, sizing } from "./testing.ts";
import { toYaml } from "./yaml.ts";

/** The configuration as Synapse reads it. */
function configurationWith(changes: Partial<MatrixSettings> = {}) {
  const args = { ...addresses, domain: "example.org", users: 500, settings: { ...settings, ...changes }, sizing };
  return parse(toYaml(homeserverConfiguration(args)), { version: "1.1" });
}

describe("Synapse's configuration", () => {
  it("knows no other server, and says so wherever silence means all of them", () => {
    const configuration = configurationWith();
    expect(configuration).toMatchObject({
      federation_domain_whitelist: [],
      trusted_key_servers: [],
      send_federation: false,
      allow_public_rooms_over_federation: false,
      allow_profile_lookup_over_federation: false,
      report_stats: false,
    });
    const served = configuration.listeners.flatMap((listener: { resources: { names: string[] }[] }) =>
      listener.resources.flatMap(({ names }) => names),
    );
    expect(served).toEqual(["client", "metrics"]);
  });

  it("speaks TLS on every listener", () => {
    const { listeners } = configurationWith();
    expect(listeners.map(({ tls }: { tls: boolean }) => tls)).toEqual([true, true]);
  });

  it("lets nobody register, not even without verification, nor as a guest", () => {
    const configuration = configurationWith();
    expect(configuration).toMatchObject({ enable_registration: false, allow_guest_access: false });
    expect(configuration).not.toHaveProperty("enable_registration_without_verification");
  });

  it("holds no secret: each is a file of the Secret's", () => {
    const configuration = configurationWith();
    for (const secret of ["macaroon_secret_key", "form_secret", "registration_shared_secret", "signing_key"]) {
      expect(configuration).not.toHaveProperty(secret);
      expect(configuration[`${secret}_path`]).toMatch(/^\/secrets\//);
    }
  });

  it("has no top-level key in common with the file of secrets, which would replace it whole", () => {
    const database = { host: "pg", port: 5432, database: "synapse", user: "synapse" };
    const { connections } = sizing;
    const secrets = secretConfiguration({ database, password: "p", pepper: "q", connections });
    const keys = Object.keys(configurationWith());
    expect(Object.keys(secrets).filter((key) => keys.includes(key))).toEqual([]);
  });

  it('keeps "off" a word for a reader of YAML 1.1', () => {
    expect(configurationWith({ encryption: "off" }).encryption_enabled_by_default_for_room_type).toBe("off");
  });

  it("lets a module refuse encryption where the archive holds what people write, beside that of their rights", () => {
    const modules = (mode: "confidential" | "compliance") =>
      JSON.stringify(configurationWith({ archive: { mode, days: "forever" } }));
    expect(modules("compliance")).toContain('"modules":[{"module":"roost_readable.Readable"}]');
    expect(modules("confidential")).not.toContain("modules");
  });

  it("takes files as large as the settings say", () => {
    expect(configurationWith({ media: { maxUploadMiB: 200 } }).max_upload_size).toBe("200M");
  });

  it("keeps caches within what the plan gives them", () => {
    expect(configurationWith().caches.cache_autotuning).toMatchObject({
      max_cache_memory_usage: "512M",
      target_cache_memory_usage: "400M",
    });
  });
});

describe("retention", () => {
  it("deletes nothing unless asked", () => {
    const configuration = configurationWith();
    expect(configuration.retention).toEqual({ enabled: false });
    expect(configuration).not.toHaveProperty("media_retention");
    expect(configuration.redaction_retention_period).toBe("7d");
  });

  it("deletes messages everywhere, and no room can ask for longer", () => {
    const { retention } = configurationWith({ retention: { messagesDays: 90, mediaDays: 365, redactedDays: 30 } });
    expect(retention).toMatchObject({
      enabled: true,
      default_policy: { max_lifetime: "90d" },
      allowed_lifetime_max: "90d",
    });
    // A purge job without bounds is for rooms of any lifetime.
    expect(retention.purge_jobs).toEqual([{ interval: "12h" }]);
  });

  it("deletes files by the time since they were last opened", () => {
    const changed = configurationWith({ retention: { messagesDays: "forever", mediaDays: 365, redactedDays: 30 } });
    expect(changed.media_retention).toEqual({ local_media_lifetime: "365d" });
    expect(changed.redaction_retention_period).toBe("30d");
  });
});

describe("previews of links", () => {
  it("are off unless asked for", () => {
    expect(configurationWith().url_preview_enabled).toBe(false);
  });

  it("never fetch from addresses inside, and not from those that the operator adds", () => {
    const urlPreviews = { kind: "fenced", blockedCidrs: ["198.18.7.0/24", "2a00:1::/32"], maxPageMiB: 3 } as const;
    const configuration = configurationWith({ urlPreviews });
    expect(configuration).toMatchObject({ url_preview_enabled: true, max_spider_size: "3M" });
    const blocked: string[] = configuration.url_preview_ip_range_blacklist;
    for (const range of ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "2a00:1::/32"])
      expect(blocked).toContain(range);
  });
});

describe("the log", () => {
  it("never holds access tokens, nor the addresses that people ask for", () => {
    const { root, loggers } = loggingConfiguration();
    expect(root.level).not.toBe("DEBUG");
    for (const name of ["synapse.storage.SQL", "synapse.access", "synapse.http.server"] as const)
      expect(loggers[name].level).toBe("WARNING");
  });
});
