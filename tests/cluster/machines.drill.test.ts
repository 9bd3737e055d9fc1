/** An environment on described machines: its data lie on their volumes, and nowhere else. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { controlPlane } from "../../bootstrap/cluster/site.ts";
import { chat } from "./chapters/chat.ts";
import { removal, up } from "./chapters/up.ts";
import { here, node } from "./here.ts";
import { clusterScoped, type KubernetesObject, objects } from "./kubectl.ts";
import { MachineVolumes } from "./machine-volumes.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(15 * 60_000);

interface Volume extends KubernetesObject {
  readonly spec: {
    readonly capacity: { readonly storage: string };
    readonly claimRef?: { readonly name: string };
  };
  readonly status: { readonly phase: string };
}

const POSTGRES = "/srv/postgres";
const MEDIA = "/srv/media";

describe("an environment on a described machine", () => {
  const gateway = here.hostsCidr.replace("0/24", "1");
  const pair = (name: string, sizeGB: number, more = {}) =>
    ["1", "2"].map((number) => ({ id: `virtio-${name}${number}`, sizeGB, ...more }));
  const stage = new Stage({
    name: "e2e-machines",
    availability: "single",
    settings: {
      cluster: {
        kind: "kubeconfig",
        path: here.kubeconfig,
        apiServerCidrs: [`${node}/32`],
        clusterDns: { port: 1053 },
        nodePorts: "80-32767",
      },
      servers: {
        administrators: {
          ada: { sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada"] },
        },
        ssh: { cidrs: [`${gateway}/32`] },
        networks: { lan: { cidr: here.hostsCidr, gateway } },
        layouts: {
          mirrored: { pools: { system: {}, data: { volumes: { postgres: { sizeGiB: 8 }, media: {} } } } },
        },
        machines: {
          [controlPlane]: {
            layout: "mirrored",
            disks: [...pair("system", 240), ...pair("data", 24, { pool: "data" })],
            links: { eth0: { macs: ["02:00:00:00:00:11"] } },
            addresses: { lan: node },
          },
        },
      },
    },
  });
  const volumes = new MachineVolumes({ [POSTGRES]: 8, [MEDIA]: 14 });
  const { tell, before } = storyOn(stage);

  beforeAll(() => volumes.mount());
  afterAll(() => volumes.remove());

  tell("machines-up", () => up(stage));
  tell("machines-volumes", () => {
    it("has its database and people's files on the machine's volumes", async () => {
      const bound = (await objects<Volume>("persistentvolumes")).filter(({ status }) => status.phase === "Bound");
      expect(bound.map(({ metadata, spec }) => [metadata.name, spec.claimRef?.name]).sort()).toEqual([
        [`roost-media-${controlPlane}`, "synapse-media"],
        [`roost-postgres-${controlPlane}`, "pg-1"],
      ]);
      // Its write-ahead log alone has more than that.
      expect(await volumes.usedKiB(POSTGRES)).toBeGreaterThan(30_000);
    });
  });
  tell("machines-chat", () => {
    chat(stage);
    it("whose files are on their volume", async () => {
      expect(await volumes.usedKiB(MEDIA)).toBeGreaterThan(20_000);
    });
  });
  tell("machines-removal", () => removal(stage, before, clusterScoped));
});
