import { describe, expect, it } from "@jest/globals";
import type { Container } from "../kubernetes.ts";
import { deployment, object, withUnknown } from "../testing.ts";
import { Undecided } from "../undecided.ts";
import { settingOf, synapsesOf } from "./synapse.ts";

const metadata = { name: "synapse", namespace: "chat" };
const configuration = object("ConfigMap", {
  metadata,
  data: { "homeserver.yaml": "server_name: example.org\nreport_stats: false\npresence: {enabled: true}\n" },
});
const secrets = object("Secret", { metadata, stringData: { "more.yaml": "presence: {enabled: false}" } });

function synapse(args: readonly string[], volumeMounts: Container["volumeMounts"] = mounts) {
  return deployment(
    {
      containers: [{ name: "synapse", args, volumeMounts }],
      volumes: [
        { name: "configuration", configMap: { name: "synapse" } },
        { name: "secrets", secret: { secretName: "synapse", items: [{ key: "more.yaml", path: "secret.yaml" }] } },
      ],
    },
    { name: "synapse" },
  );
}
const mounts = [
  { name: "configuration", mountPath: "/config" },
  { name: "secrets", mountPath: "/config/secret" },
];
const both = ["--config-path", "/config/homeserver.yaml", "--config-path=/config/secret/secret.yaml"];

describe("Synapse as it runs", () => {
  it("is found by the configuration that it is started with, wherever that is mounted", () => {
    const [found] = synapsesOf([configuration, secrets, synapse(both)]);
    expect(found?.container.name).toBe("synapse");
    expect(found?.files.map(({ name }) => name)).toEqual(["homeserver.yaml", "more.yaml"]);
    expect(synapsesOf([configuration, synapse(["-c", "/config"])])).toHaveLength(1);
    const single = [{ name: "configuration", mountPath: "/etc/h.yaml", subPath: "homeserver.yaml" }];
    expect(synapsesOf([configuration, synapse(["-c", "/etc/h.yaml"], single)])).toHaveLength(1);
  });

  it("has the settings of its last file that has them", () => {
    const [found] = synapsesOf([configuration, secrets, synapse(both)]);
    expect(found && settingOf(found, "presence")).toEqual({ enabled: false });
    expect(found && settingOf(found, "report_stats")).toBe(false);
    expect(found && settingOf(found, "listeners")).toBeUndefined();
  });

  it("is found also while its other files are not known", () => {
    const unknown = withUnknown(secrets, ["stringData", "more.yaml"]);
    const [found] = synapsesOf([configuration, unknown, synapse(both)]);
    expect(found?.main.settings.server_name).toBe("example.org");
    expect(() => found && settingOf(found, "presence")).toThrow(Undecided);
  });

  it.each([
    ["is started with something else", [configuration, synapse(["--config-path", "/config/other.yaml"])]],
    [
      "gets the file from another namespace",
      [object("ConfigMap", { ...configuration.props, metadata: { name: "synapse" } }), synapse(both)],
    ],
    ["mounts nothing", [configuration, synapse(both, [])]],
  ])("is not seen in a container that %s", (_, stack) => expect(synapsesOf(stack)).toEqual([]));
});
