import { describe, expect, it } from "@jest/globals";
import type { SettingNode } from "./tree.ts";
import { allowedText, allPaths, nodeAt, repeated, settingsTree } from "./tree.ts";

/** Every setting below the node, with its path. */
function leaves(node: SettingNode, path = ""): [string, SettingNode][] {
  const below = [...node.properties, ...node.variants.flatMap((each) => [...each.properties]), ...repeated(node)];
  return below.flatMap(
    ([name, each]) => [[`${path}${name}`, each], ...leaves(each, `${path}${name}.`)] as [string, SettingNode][],
  );
}

describe("the tree of settings", () => {
  it("describes every one of them, says what is allowed, and has an example unless it is a group", () => {
    for (const [path, node] of leaves(settingsTree())) {
      expect([path, node.description]).toEqual([path, expect.stringMatching(/\.$/)]);
      expect([path, allowedText(node)]).toEqual([path, expect.not.stringMatching(/undefined|^a text$|^a list$/)]);
      if (node.type === "text" || node.type.endsWith("number") || node.type === "list") {
        expect([path, node.example]).toEqual([path, expect.anything()]);
      }
    }
  });

  it("gives numbers a unit in their name, where they have one", () => {
    const named = new Set(["KiB", "MiB", "GiB", "GB", "days", "minutes", "seconds"]);
    for (const [path, { unit }] of leaves(settingsTree()))
      if (unit !== undefined && named.has(unit)) expect(path.toLowerCase()).toContain(unit.toLowerCase());
  });

  it("marks keys and passwords, and nothing else, as secret", () => {
    const secret = leaves(settingsTree()).filter(([, node]) => node.secret);
    expect(secret.map(([path]) => path)).toEqual([
      "identity.directory.bindPassword",
      "identity.provider.clientSecret",
      "edge.certificate.keyPem",
      "backup.store.secretAccessKey",
      "observability.receivers.<n>.token",
      "observability.receivers.<n>.password",
      "observability.receivers.<n>.token",
      "observability.deadMansSwitch.token",
      "observability.remoteWrite.password",
      "bmcCredentials.<machine>.password",
    ]);
  });

  it("has no two settings of one name that differ by letters only", () => {
    const paths = allPaths();
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
  });

  it("finds a setting by its path and by the kind of object that was given", () => {
    const given = { cluster: { kind: "kubeconfig" }, edge: { exposure: { kind: "hostPort" } } };
    expect(nodeAt(["cluster", "apiServerPort"], given)?.defaultValue).toBe(6443);
    expect(nodeAt(["edge", "exposure", "port"], given)?.defaultValue).toBe(443);
    expect(nodeAt(["cluster", "apiServerPort"], {})).toBeUndefined();
    expect(nodeAt(["im", "media", "maxUploadMiB"], {})?.maximum).toBe(4096);
  });
});
