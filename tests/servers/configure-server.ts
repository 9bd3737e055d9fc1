import type { Server } from "../../components/servers/model.ts";

const disk = (serial: string) => ({ id: `virtio-${serial}`, sizeGB: 1, media: "ssd" }) as const;

/** The machine with one mirrored pool: enough to be described otherwise, and made in half the time. */
export function oneMirror(server: Server): Server {
  return {
    ...server,
    storage: {
      system: { kind: "image" },
      pools: [
        {
          name: "data",
          redundancy: { kind: "md", level: "raid1", members: [disk("m1"), disk("m2")], spares: [], chunkKiB: 512 },
          encryption: { kind: "none" },
          volumes: [
            {
              name: "local",
              purpose: "local",
              sizeMiB: 512,
              grows: true,
              content: { kind: "xfs", mountPoint: "/srv/local", mountOptions: ["noatime", "nodev", "nosuid"] },
              whenMissing: "report",
            },
          ],
        },
      ],
    },
  };
}
