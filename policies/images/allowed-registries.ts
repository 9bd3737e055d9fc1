import { z } from "zod";
import { subjectRule, withSettings } from "../pack/rule.ts";
import { imagesOf } from "./images-of.ts";
import { parseReference } from "./reference.ts";

export const allowedRegistries = withSettings(
  z.strictObject({
    registries: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Registries, or folders in them, that images may come from, for example registry.example.org or ghcr.io/element-hq. Empty: the rule does not apply.",
      ),
  }),
  ({ registries }) =>
    subjectRule((resource) => (registries.length > 0 ? imagesOf(resource) : undefined), {
      id: "images-allowed-registries",
      title: "Images come only from the registries that were chosen",
      why: "Whoever serves an image decides what runs here. A registry of one's own, or a few that are known, can be scanned, and can be reached when others are not.",
      fix: "Take the image from a registry of the rule's setting `registries`, for example by copying it there.",
      severity: "high",
      controls: { cis: ["5.5.1"], nsa: ["pods/images"], iso: ["A.5.21", "A.8.19"] },
      check(images, report) {
        images((reference, where) => {
          if (reference === undefined) return;
          const { registry, repository } = parseReference(reference);
          if (!registries.some((folder) => liesIn(`${registry}/${repository}`, folder))) {
            report(`${where} names the image ${reference}, which comes from ${registry}`);
          }
        });
      },
    }),
);

function liesIn(image: string, folder: string): boolean {
  return image.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
