import { describe, expect, it } from "@jest/globals";
import type { Container, Volume } from "./kubernetes.ts";
import { filesAt, mountedAt } from "./mounts.ts";
import { type Pods, podsOf } from "./pods.ts";
import type { Resource } from "./resource.ts";
import { object } from "./testing.ts";

const container: Container = {
  name: "web",
  volumeMounts: [
    { name: "outer", mountPath: "/data" },
    { name: "inner", mountPath: "/data/files/" },
    { name: "one", mountPath: "/etc/one.conf", subPath: "one.conf" },
    { name: "claimed", mountPath: "/claimed" },
  ],
};
const metadata = { name: "settings", namespace: "chat" };

function pods(volumes: readonly Volume[]): Pods {
  const found = podsOf(
    object("StatefulSet", {
      metadata: { namespace: "chat" },
      spec: {
        template: { spec: { containers: [container], volumes } },
        volumeClaimTemplates: [{ metadata: { name: "claimed" } }],
      },
    }),
  );
  if (found === undefined) throw new Error("there are no pods");
  return found;
}

describe("what lies at a path of a container", () => {
  const volumes = pods([{ name: "outer" }, { name: "inner", emptyDir: {} }, { name: "one" }]);

  it.each([
    ["/data", "outer", ""],
    ["/data/x", "outer", "x"],
    ["/data/files/x/y", "inner", "x/y"],
    ["/data/files", "inner", ""],
    ["/data/filesystem", "outer", "filesystem"],
    ["/etc/one.conf", "one", "one.conf"],
    ["/claimed/x", "claimed", "x"],
  ])("%s is on %s", (path, volume, rest) => {
    const mounted = mountedAt(path, container, volumes);
    expect([mounted?.volume.name, mounted?.path]).toEqual([volume, rest]);
  });

  it("is nothing where no volume is mounted, or the volume is not there", () => {
    expect(mountedAt("/etc", container, volumes)).toBeUndefined();
    expect(mountedAt("/data", container, pods([]))).toBeUndefined();
  });
});

describe("the files at a path", () => {
  const names = (path: string, volume: Omit<Volume, "name">, ...stack: Resource[]) =>
    filesAt(path, container, pods([{ name: "outer", ...volume }]), stack).map(({ name }) => name);
  const map = object("ConfigMap", { metadata, data: { a: "", b: "" } });
  const secret = object("Secret", { metadata, stringData: { c: "" } });

  it("are those of the ConfigMap or Secret that is mounted there", () => {
    expect(names("/data", { configMap: { name: "settings" } }, map, secret)).toEqual(["a", "b"]);
    expect(names("/data/b", { configMap: { name: "settings" } }, map, secret)).toEqual(["b"]);
    expect(names("/data", { secret: { secretName: "settings" } }, map, secret)).toEqual(["c"]);
  });

  it("are called as the mount has it", () => {
    const configMap = { name: "settings", items: [{ key: "a", path: "x" }] };
    expect(names("/data/x", { configMap }, map)).toEqual(["a"]);
    expect(names("/data", { configMap }, map)).toEqual(["a"]);
    expect(names("/data/b", { configMap }, map)).toEqual([]);
  });

  it("are none of another namespace's", () => {
    const elsewhere = object("ConfigMap", { metadata: { name: "settings" }, data: { a: "" } });
    expect(names("/data", { configMap: { name: "settings" } }, elsewhere)).toEqual([]);
  });
});
