import { z } from "zod";
import { text } from "./setting.ts";

const registry = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const allowed = "a registry as host, optional port and optional path, without https:// and without a final slash";

export const imageSettings = z
  .discriminatedUnion("source", [
    z
      .strictObject({
        source: z.literal("built").meta({ description: "What `make images` builds." }),
      })
      .meta({
        description:
          "Images that `make images` builds from package registries, for sites without internet. It pushes them to the registry that `images/Pulumi.<stack>.yaml` names, and the cluster pulls them from there.",
      }),
    z
      .strictObject({
        source: z.literal("upstream").meta({ description: "The projects' own published images." }),
        mirror: text(registry, {
          description: "Registry through which all upstream images are pulled; it is put before their names.",
          allowed,
          example: "mirror.example.org/proxy",
          defaultText: "none: they are pulled from where they are published",
        }).optional(),
      })
      .meta({ description: "Images as their projects publish them." }),
  ])
  .meta({
    description: "Where container images come from. Either way nothing but digests from a lock file is used.",
    example: { source: "upstream", mirror: "mirror.example.org" },
  });

export type ImageSettings = z.output<typeof imageSettings>;
