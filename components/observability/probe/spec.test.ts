import { describe, expect, it } from "@jest/globals";
import { configurationSchema } from "../../../services/probe/configuration.ts";
import { peerNamed } from "../../network/index.ts";
import { podSpec } from "../../network/workload-spec.ts";
import { probeConfiguration, probeWorkload } from "./spec.ts";

const peer = peerNamed("probe", "chat");
const workload = probeWorkload({ peer, image: "node@sha256:0", cpus: 0.02, memoryMiB: 128 });
const configuration = probeConfiguration({
  url: "https://matrix.example.org:30443",
  domain: "example.org",
  edge: { host: "edge-inside.chat.svc", port: 8443 },
  signIn: { kind: "password" },
});

describe("the probe's pod", () => {
  it("is told what the program understands", () => {
    expect(configurationSchema.parse(configuration)).toEqual(configuration);
  });

  it("asks by the public name, at the edge's own pods", () => {
    expect(configuration.homeserver).toMatchObject({
      url: "https://matrix.example.org:30443",
      connectTo: { host: "edge-inside.chat.svc", port: 8443 },
    });
  });

  it("signs in less often than the homeserver lets an account", () => {
    expect(2 * configuration.signInSeconds).toBeGreaterThan(20);
  });

  it("finds every file that it is told of", () => {
    const folders = (podSpec(workload).containers as { volumeMounts?: { mountPath: string }[] }[])[0]?.volumeMounts;
    const mounted = (folders ?? []).map(({ mountPath }) => mountPath);
    const files = [
      configuration.homeserver.caFile,
      ...configuration.accounts.map(({ passwordFile }) => passwordFile),
      configuration.server.certificateFile,
    ];
    for (const file of files) expect(mounted.some((folder) => file?.startsWith(`${folder}/`))).toBe(true);
  });

  it("is never there twice: two would talk as the same accounts", () => {
    expect(workload).toMatchObject({ kind: "StatefulSet", replicas: 1 });
  });
});
