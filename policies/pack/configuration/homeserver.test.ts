import { describe, expect, it } from "@jest/globals";
import { object, withUnknown } from "../testing.ts";
import { Undecided } from "../undecided.ts";
import { homeserverOf } from "./homeserver.ts";

const text = "server_name: example.org\nreport_stats: off\nenable_registration: yes\n";

describe("Synapse's configuration", () => {
  it("is found in a ConfigMap, and read as Synapse reads it", () => {
    expect(homeserverOf(object("ConfigMap", { data: { note: "", "homeserver.yaml": text } }))).toMatchObject({
      server_name: "example.org",
      report_stats: false,
      enable_registration: true,
    });
  });

  it("is found in a Secret, encoded or not", () => {
    const data = { "homeserver.yaml": Buffer.from(text).toString("base64") };
    expect(homeserverOf(object("Secret", { data }))?.report_stats).toBe(false);
    const stringData = { "homeserver.yaml": text.replace("off", "on") };
    expect(homeserverOf(object("Secret", { data, stringData }))?.report_stats).toBe(true);
  });

  it("has the last of two equal settings", () => {
    const twice = object("ConfigMap", { data: { "homeserver.yaml": `${text}enable_registration: false\n` } });
    expect(homeserverOf(twice)?.enable_registration).toBe(false);
  });

  it.each([
    ["another kind", object("Service", {})],
    ["a part of the configuration", object("ConfigMap", { data: { "homeserver.yaml": "report_stats: false" } })],
    ["another program's", object("ConfigMap", { data: { "server.yaml": "server_name: example.org" } })],
    ["what is no YAML", object("ConfigMap", { data: { "homeserver.yaml": `${text}listeners: [` } })],
  ])("is not seen in %s", (_, resource) => expect(homeserverOf(resource)).toBeUndefined());

  it("is not decided where it is not known", () => {
    const unknown = withUnknown(object("ConfigMap", { data: { "homeserver.yaml": "" } }), ["data", "homeserver.yaml"]);
    expect(() => homeserverOf(unknown)).toThrow(Undecided);
  });

  it("is not looked for in files of Secrets that are called otherwise", () => {
    const unknown = withUnknown(object("Secret", { stringData: { "secrets.yaml": "" } }), [
      "stringData",
      "secrets.yaml",
    ]);
    expect(homeserverOf(unknown)).toBeUndefined();
  });
});
