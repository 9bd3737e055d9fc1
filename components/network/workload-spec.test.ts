import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { peerNamed } from "./peer.ts";
import { cpuQuantity } from "./quantities.ts";
import type { ContainerSpec, Mount, ServiceSpec } from "./workload-spec.ts";
import { claimsPerReplica, deploymentStrategy, podMetadata, podSpec } from "./workload-spec.ts";

const peer = peerNamed("web", "roost");
const container: ContainerSpec = { name: "web", image: "web@sha256:0", command: ["nginx"], cpus: 0.25, memoryMiB: 64 };
const spec: ServiceSpec = { peer, kind: "Deployment", replicas: 1, userId: 101, groupId: 102, containers: [container] };

function withMounts(...mounts: Mount[]): ServiceSpec {
  return { ...spec, containers: [{ ...container, mounts }] };
}

/** What a pod's only container and its volumes look like, as the API server would see them. */
function seen(of: ServiceSpec) {
  return JSON.parse(JSON.stringify(podSpec(of)));
}

describe("a pod", () => {
  it("meets the restricted Pod Security Standard, whatever runs in it", () => {
    const pod = seen({ ...spec, initContainers: [{ ...container, name: "prepare" }] });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 101,
      runAsGroup: 102,
      fsGroup: 102,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const each of [...pod.initContainers, ...pod.containers]) {
      expect(each.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        privileged: false,
        readOnlyRootFilesystem: true,
      });
    }
  });

  it.each([{ userId: 0 }, { groupId: 0 }])("is refused with %j", (root) => {
    expect(() => podSpec({ ...spec, ...root })).toThrow("web: must not run as root");
  });

  it("has an account of its own and no token of the Kubernetes API", () => {
    expect(podSpec(spec)).toMatchObject({ serviceAccountName: "web", automountServiceAccountToken: false });
  });

  it("reads the logs of its node where it is told to, as root's group may, and can change none", () => {
    const reader = {
      ...withMounts({ name: "logs", path: "/logs", source: { kind: "nodeLogs" } }),
      supplementalGroups: [0],
    };
    const pod = seen(reader);
    expect(pod.volumes).toEqual([{ name: "logs", hostPath: { path: "/var/log/pods", type: "Directory" } }]);
    expect(pod.containers[0].volumeMounts).toEqual([{ name: "logs", mountPath: "/logs", readOnly: true }]);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, supplementalGroups: [0] });
  });

  it("is guaranteed its memory and processors, and may use idle processors", () => {
    expect(seen(spec).containers[0].resources).toEqual({
      requests: { cpu: "250m", memory: "64Mi" },
      limits: { memory: "64Mi" },
    });
  });

  it("is told what the cluster knows of it, beside what it is given", () => {
    const told = { ...spec, containers: [{ ...container, env: { A: "b" }, fields: { NODE: "spec.nodeName" } }] };
    expect(seen(told).containers[0].env).toEqual([
      { name: "A", value: "b" },
      { name: "NODE", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } },
    ]);
    expect(seen(spec).containers[0]).not.toHaveProperty("env");
  });

  it("may write to scratch and claims only", () => {
    const sources: Mount["source"][] = [
      { kind: "secret", secretName: "s" },
      { kind: "configMap", configMapName: "c" },
      { kind: "scratch", sizeMiB: 10 },
      { kind: "claim", claimName: "v" },
    ];
    const pod = seen(withMounts(...sources.map((source) => ({ name: source.kind, path: `/${source.kind}`, source }))));
    const readOnly = pod.containers[0].volumeMounts.map((mount: { readOnly?: boolean }) => mount.readOnly ?? false);
    expect(readOnly).toEqual([true, true, false, false]);
  });

  it("keeps secrets from other users, and lets its own group read them", () => {
    const pod = seen(withMounts({ name: "key", path: "/key", source: { kind: "secret", secretName: "s" } }));
    expect(pod.volumes).toEqual([{ name: "key", secret: { secretName: "s", defaultMode: 0o440 } }]);
  });

  it("mounts chosen files under chosen names", () => {
    const source = { kind: "configMap", configMapName: "c", items: { key: "file.conf" } } as const;
    expect(seen(withMounts({ name: "config", path: "/etc/x", source })).volumes).toEqual([
      { name: "config", configMap: { name: "c", defaultMode: 0o444, items: [{ key: "key", path: "file.conf" }] } },
    ]);
  });

  it("has one volume for mounts of one name", () => {
    const source = { kind: "scratch", sizeMiB: 10, inMemory: true } as const;
    const pod = seen(
      withMounts({ name: "tmp", path: "/tmp", source }, { name: "tmp", path: "/run", subPath: "run", source }),
    );
    expect(pod.volumes).toEqual([{ name: "tmp", emptyDir: { sizeLimit: "10Mi", medium: "Memory" } }]);
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "tmp", mountPath: "/run", subPath: "run" },
    ]);
  });

  it("carries the labels that its rules select", () => {
    expect(podMetadata(spec).labels).toMatchObject(peer.podLabels);
  });
});

describe("a volume for each replica", () => {
  const source = { kind: "claimPerReplica", storageGiB: 2, storageClass: "fast", retain: true } as const;
  const servers: ServiceSpec = { ...withMounts({ name: "data", path: "/data", source }), kind: "StatefulSet" };

  it("comes from a template, and is no volume that the replicas share", () => {
    expect(claimsPerReplica(servers).volumeClaimTemplates).toMatchObject([
      { metadata: { name: "data" }, spec: { storageClassName: "fast", resources: { requests: { storage: "2Gi" } } } },
    ]);
    expect(seen(servers).volumes).toEqual([]);
    expect(seen(servers).containers[0].volumeMounts).toEqual([{ name: "data", mountPath: "/data" }]);
  });

  it("outlives the workload when it should, and always a smaller number of replicas", () => {
    const policy = (retain: boolean) =>
      claimsPerReplica({
        ...withMounts({ name: "data", path: "/data", source: { ...source, retain } }),
        kind: "StatefulSet",
      }).persistentVolumeClaimRetentionPolicy;
    expect(policy(true)).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
    expect(policy(false)).toEqual({ whenDeleted: "Delete", whenScaled: "Retain" });
  });

  it("is refused to a Deployment, and nothing where none is asked for", () => {
    expect(() => claimsPerReplica({ ...servers, kind: "Deployment" })).toThrow("only a StatefulSet");
    expect(claimsPerReplica(spec)).toEqual({});
  });
});

describe("replicas", () => {
  const spread = (of: Partial<ServiceSpec>) => seen({ ...spec, replicas: 2, ...of }).topologySpreadConstraints;

  it("spread over the nodes, as a wish or as a condition", () => {
    expect(spread({})).toMatchObject([{ topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" }]);
    expect(spread({ spread: "required" })).toMatchObject([{ whenUnsatisfiable: "DoNotSchedule" }]);
    expect(spread({ replicas: 1 })).toBeUndefined();
  });

  it("count only their own revision, or an update would find no node", () => {
    expect(spread({})[0].matchLabelKeys).toEqual(["pod-template-hash"]);
    expect(spread({ kind: "StatefulSet" })[0]).not.toHaveProperty("matchLabelKeys");
  });

  it("are replaced by new ones first, except where both would want a port of the node", () => {
    expect(deploymentStrategy(spec).rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    const onHost = { ...spec, containers: [{ ...container, ports: { https: 8443 }, hostPorts: { https: 443 } }] };
    expect(deploymentStrategy(onHost).rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: 1 });
    expect(seen(onHost).containers[0].ports).toEqual([
      { name: "https", containerPort: 8443, protocol: "TCP", hostPort: 443 },
    ]);
  });
});

describe("processors", () => {
  it("are written as Kubernetes stores them, so that a refresh finds no drift", () => {
    expect([cpuQuantity(0.5), cpuQuantity(1), cpuQuantity(1.25), cpuQuantity(0.1 + 0.2)]).toEqual([
      "500m",
      "1",
      "1250m",
      "300m",
    ]);
  });

  it("are never rounded away nor written with a fraction", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64_000 }), (millicores) => {
        const quantity = cpuQuantity(millicores / 1000);
        expect(quantity).toMatch(/^[0-9]+m?$/);
        expect(quantity.endsWith("m") ? Number.parseInt(quantity, 10) : Number(quantity) * 1000).toBe(millicores);
      }),
    );
  });
});
