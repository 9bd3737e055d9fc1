import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../../network/index.ts";
import { collectorConfig } from "./collector/config.ts";
import { collectorWorkload } from "./collector/spec.ts";
import { indexLabels, lokiConfig } from "./loki/config.ts";
import { lokiHosts, lokiWorkload } from "./loki/spec.ts";

const sizing = { replicas: 2, cpus: 0.1, memoryMiB: 320, storageGiB: 4, retentionDays: 30 };

describe("Loki", () => {
  it("keeps lines as long as the settings say, lets none in that is older, and removes none before", () => {
    expect(lokiConfig({ retentionDays: 180 })).toMatchObject({
      compactor: { retention_enabled: true },
      limits_config: {
        retention_period: "4320h",
        reject_old_samples_max_age: "4320h",
        max_query_length: "4320h",
        deletion_mode: "disabled",
      },
    });
  });

  it("answers only who shows a certificate, and listens to nobody else but itself", () => {
    expect(lokiConfig(sizing)).toMatchObject({
      server: {
        http_tls_config: { client_auth_type: "RequireAndVerifyClientCert", client_ca_file: "/tls/ca.crt" },
        grpc_listen_address: "127.0.0.1",
      },
      analytics: { reporting_enabled: false },
    });
  });

  it("has as many labels as lines are found by, and no more", () => {
    expect(lokiConfig(sizing)).toMatchObject({
      limits_config: {
        max_label_names_per_series: indexLabels.length,
        otlp_config: { resource_attributes: { ignore_defaults: true } },
      },
    });
  });

  it("keeps each copy on a volume of its own, on which it may write alone", () => {
    const storage = { kind: "claimPerReplica", storageGiB: 4, retain: true } as const;
    const spec = lokiWorkload({ peer: peerNamed("loki", "roost"), image: "l", sizing, spread: "required", storage });
    expect(spec).toMatchObject({ kind: "StatefulSet", replicas: 2, spread: "required" });
    const writable = spec.containers[0]?.mounts?.filter(({ source }) => source.kind === "claimPerReplica");
    expect(writable?.map(({ path }) => path)).toEqual(["/var/lib/loki"]);
  });
});

describe("the collector", () => {
  const args = { caConfigMap: "roost-ca", memoryMiB: 128, bufferMiB: 256 };
  const hosts = lokiHosts("roost", 2);
  const configuration = (lokis: readonly string[]) =>
    JSON.parse(JSON.stringify(collectorConfig({ ...args, namespaces: ["roost", "roost-logs"], lokis })));

  it("reads the environment's pods, and none of others", () => {
    const { include } = configuration(hosts).receivers["file_log/0"];
    expect(include).toContain("/var/log/pods/roost_*/*/*.log");
    for (const path of include) expect(path).toMatch(/^\/var\/log\/pods\/(roost|roost-logs)_\*\//);
  });

  it("sends everything to each Loki, on a way of its own that waits for that Loki as long as it takes", () => {
    const { service, exporters } = configuration(hosts);
    expect(Object.keys(service.pipelines)).toEqual(["logs/0", "logs/1", "metrics"]);
    for (const [at, host] of hosts.entries()) {
      expect(service.pipelines[`logs/${at}`]).toMatchObject({
        receivers: [`file_log/${at}`],
        exporters: [`otlp_http/${at}`],
      });
      expect(exporters[`otlp_http/${at}`]).toMatchObject({
        logs_endpoint: `https://${host}:3100/otlp/v1/logs`,
        tls: { ca_file: "/ca/roost-ca/ca.crt", cert_file: "/tls/tls.crt" },
        retry_on_failure: { max_elapsed_time: "0s" },
        sending_queue: { storage: "file_storage", queue_size: 256 * 2 ** 20, block_on_overflow: true },
      });
    }
    expect(Object.keys(configuration(hosts.slice(0, 1)).service.pipelines)).toEqual(["logs/0", "metrics"]);
  });

  it("takes out what nobody may read before anything else is made of a line", () => {
    const { operators } = configuration(hosts).receivers["file_log/0"];
    const types: string[] = operators.map(({ type }: { type: string }) => type);
    expect(types.lastIndexOf("regex_replace")).toBeLessThan(types.indexOf("json_parser"));
    expect(types.at(-1)).toBe("retain");
  });

  it("serves nothing in plain text but inside its pod", () => {
    const { receivers, exporters, extensions } = configuration(hosts);
    expect(receivers.otlp.protocols.http.endpoint).toMatch(/^127\.0\.0\.1:/);
    for (const server of [exporters.prometheus, extensions.health_check])
      expect(server.tls).toMatchObject({ cert_file: "/tls/tls.crt", min_version: "1.2" });
  });

  it("is given one folder of the node, and room for what it keeps for each Loki", () => {
    const peer = peerNamed("log-collector", "roost-logs");
    const logCollector = { replicas: 1, cpus: 0.02, ...args };
    const spec = collectorWorkload({ peer, image: "c", sizing: logCollector, lokis: 2, caConfigMap: "roost-ca" });
    const mounts = spec.containers.flatMap(({ mounts = [] }) => mounts);
    const ofNode = mounts.filter(({ source }) => source.kind === "nodeLogs");
    expect(ofNode.map(({ path }) => path)).toEqual(["/var/log/pods"]);
    expect(spec.apiToken ?? false).toBe(false);
    expect(spec.supplementalGroups).toEqual([0]);
    const [data] = mounts.flatMap(({ source }) => (source.kind === "scratch" ? [source.sizeMiB] : []));
    expect(data).toBeGreaterThan(2 * args.bufferMiB);
  });
});
