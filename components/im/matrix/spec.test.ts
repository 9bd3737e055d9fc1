import { describe, expect, it } from "@jest/globals";
import type { ServiceSpec } from "../../network/index.ts";
import { peerNamed } from "../../network/index.ts";
import { homeserverConfiguration } from "./homeserver.ts";
import { accountCommand, accountWorkload, mediaClaim, synapseWorkload, webWorkload } from "./spec.ts";
import { addresses, settings, sizing } from "./testing.ts";

const peer = peerNamed("synapse", "chat");
const image = "synapse@sha256:0";
const synapse = synapseWorkload({ peer, image, sizing, maxUploadMiB: 50, databaseAuthority: "roost-ca" });

function onlyContainer({ containers }: Pick<ServiceSpec, "containers">) {
  const [container, ...others] = containers;
  expect(others).toEqual([]);
  if (container === undefined) throw new Error("no container");
  return container;
}

describe("Synapse's workload", () => {
  const container = onlyContainer(synapse);
  const mounts = new Map((container.mounts ?? []).map((mount) => [mount.path, mount]));

  it("is one pod, never two at a time", () => {
    expect(synapse).toMatchObject({ kind: "StatefulSet", replicas: 1 });
  });

  it("has every file that its configuration names, where it names it", () => {
    const args = { ...addresses, domain: "example.org", users: 10, settings, sizing };
    const named = Object.entries(homeserverConfiguration(args)).filter(([key]) => /_path$|^log_config$/.test(key));
    expect(named.length).toBeGreaterThan(6);
    for (const [, path] of named) {
      const folder = String(path).replace(/\/[^/]*$/, "");
      expect([...mounts.keys()]).toContain(folder);
    }
  });

  it("keeps media on the volume, and all else out of it", () => {
    expect(mounts.get("/data")?.source).toEqual({ kind: "claim", claimName: "synapse-media" });
    const claims = [...mounts.values()].filter(({ source }) => source.kind === "claim");
    expect(claims).toHaveLength(1);
  });

  it("has room to gather uploads, whatever their limit", () => {
    const scratchFor = (maxUploadMiB: number) =>
      onlyContainer(synapseWorkload({ peer, image, sizing, maxUploadMiB, databaseAuthority: "roost-ca" })).mounts?.find(
        ({ path }) => path === "/tmp",
      )?.source;
    expect(scratchFor(1)).toMatchObject({ kind: "scratch", sizeMiB: 1024 });
    expect(scratchFor(500)).toMatchObject({ kind: "scratch", sizeMiB: 10_000 });
  });

  it("starts when the database answers, which it knows from the file of secrets that Synapse reads", () => {
    expect(container.command).toEqual(["python3", "/scripts/start.py"]);
    const [file, module] = container.args ?? [];
    expect(module).toBe("synapse.app.homeserver");
    expect(container.args?.slice(2)).toContain(file);
  });

  it("reads secrets from files, and refuses those that are in the configuration", () => {
    expect(container.args).toContain("--no-secrets-in-config");
    expect(Object.keys(container.env ?? {})).toEqual(["LD_PRELOAD", "PYTHONUNBUFFERED"]);
  });

  it("has half an hour for the database's schema, and is not lost for a minute of hard work", () => {
    const seconds = ({ periodSeconds, failureThreshold }: { periodSeconds?: unknown; failureThreshold?: unknown }) =>
      Number(periodSeconds) * Number(failureThreshold);
    expect(seconds(container.startupProbe ?? {})).toBeGreaterThanOrEqual(1800);
    expect(seconds(container.livenessProbe ?? {})).toBeGreaterThanOrEqual(60);
  });
});

describe("the web client's workload", () => {
  it("runs as many pods as the plan says, spread as it says", () => {
    const args = { peer, image, sizing: { replicas: 2, cpus: 0.1, memoryMiB: 64 } };
    expect(webWorkload({ ...args, spread: "required" })).toMatchObject({ replicas: 2, spread: "required" });
  });
});

describe("the Job of an account", () => {
  const connection = { host: "synapse.chat.svc", port: 8443, caConfigMap: "roost-ca" };
  const args = {
    ...{ peer, image, localpart: "-strange", admin: true },
    ...{ secretName: "synapse-administrator", synapse: connection },
  };
  const container = onlyContainer(accountWorkload(args));

  it("gets the registration secret and the password, and no other secret of Synapse's", () => {
    const secrets = (container.mounts ?? []).flatMap(({ source }) => (source.kind === "secret" ? [source] : []));
    expect(secrets).toEqual([
      { kind: "secret", secretName: "synapse-secrets", items: { registration: "registration" } },
      { kind: "secret", secretName: "synapse-administrator" },
    ]);
    expect(container.env).toBeUndefined();
  });

  it("takes a name that looks like an option for a name", () => {
    expect(container.args?.slice(-2)).toEqual(["--", "-strange"]);
  });

  it("makes an administrator of those alone that are to be one", () => {
    expect(container.args).toContain("--admin");
    expect(onlyContainer(accountWorkload({ ...args, admin: false })).args).not.toContain("--admin");
  });

  it("goes where the connection leads", () => {
    expect(container.args).toContain("https://synapse.chat.svc:8443");
  });

  it("is refused without TLS", () => {
    const plain = { ...args, synapse: { host: "synapse.chat.svc", port: 8008 } };
    expect(() => accountWorkload(plain)).toThrow("synapse.chat.svc:8008: speaks no TLS");
  });
});

describe("adding people from within Synapse's container", () => {
  it("uses files that are mounted there", () => {
    const folders = (onlyContainer(synapse).mounts ?? []).map(({ path }) => path);
    const files = accountCommand().filter((word) => word.startsWith("/"));
    expect(files).toHaveLength(3);
    for (const file of files) expect(folders).toContain(file.replace(/\/[^/]*$/, ""));
  });
});

describe("the volume for media", () => {
  it("is of the class that is asked for, else of the cluster's default", () => {
    expect(mediaClaim("chat", 20, "ceph").spec).toMatchObject({
      storageClassName: "ceph",
      resources: { requests: { storage: "20Gi" } },
    });
    expect(mediaClaim("chat", 20, undefined).spec).not.toHaveProperty("storageClassName");
  });

  it("is not waited for: it is bound when Synapse is scheduled", () => {
    expect(mediaClaim("chat", 20, undefined).metadata).toMatchObject({
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });
});
