import { subjectRule } from "../pack/rule.ts";
import { imagesOf } from "./images-of.ts";
import { parseReference } from "./reference.ts";

interface DeadImages {
  /** What they are called, in the registry that they came from or in a mirror of it. */
  readonly pattern: RegExp;
  /** Since when, and what happened. */
  readonly why: string;
  readonly source: string;
}

/** Images that nobody mends any more. */
const deadImages: readonly DeadImages[] = [
  {
    pattern: /\/bitnami(legacy)?\//,
    why: "Bitnami has moved its images to an archive on 2025-08-28 and updates them no longer",
    source: "https://github.com/bitnami/containers/issues/83267",
  },
  {
    pattern: /\/minio\/minio$/,
    why: "MinIO has published no images since 2025-10-15, and has archived the project",
    source: "https://github.com/minio/minio/issues/21647",
  },
  {
    pattern: /\/ingress-nginx\/(controller(-chroot)?|kube-webhook-certgen)$|\/nginx-ingress-controller$/,
    why: "Ingress NGINX was retired in March 2026",
    source: "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
  },
  {
    pattern: /^k8s\.gcr\.io\//,
    why: "the registry k8s.gcr.io has been frozen since 2023-04-03; registry.k8s.io took its place",
    source: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
  },
];

export const noDeadImages = subjectRule(imagesOf, {
  id: "images-no-dead-images",
  title: "No image is one that its makers have given up",
  why: "Such an image has every hole that was found since, and will never lose one. It may also vanish from its registry, so that pods start nowhere any more.",
  fix: "Replace it by an image that is maintained.",
  severity: "high",
  controls: { nsa: ["upgrades"], iso: ["A.8.8"], gbt: ["8.1.4.4 e)"] },
  check(images, report) {
    images((reference, where) => {
      if (reference === undefined) return;
      const { registry, repository } = parseReference(reference);
      const dead = deadImages.find(({ pattern }) => pattern.test(`${registry}/${repository}`));
      if (dead !== undefined) report(`${where} names the image ${reference}: ${dead.why} (${dead.source})`);
    });
  },
});
