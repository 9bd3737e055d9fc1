import { subjectRule } from "../pack/rule.ts";
import { imagesOf } from "./images-of.ts";

export const byDigest = subjectRule(imagesOf, {
  id: "images-by-digest",
  title: "Every image is named by its digest",
  why: "A tag can be moved to other content after it was looked at, and each node may then run something else. A digest is the content, so what was judged is what runs.",
  fix: "Name the image as <repository>:<tag>@sha256:<digest>; `docker buildx imagetools inspect` or `skopeo inspect` shows the digest.",
  severity: "high",
  controls: { cis: ["5.5.1"], nsa: ["pods/images"], iso: ["A.5.21", "A.8.32"] },
  check(images, report) {
    images((reference, where) => {
      if (reference === undefined) report(`${where} names no image, and so leaves it to others`);
      else if (!/@sha256:[0-9a-f]{64}$/.test(reference))
        report(`${where} names the image ${reference} without a digest`);
    });
  },
});
