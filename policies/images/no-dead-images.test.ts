import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noDeadImages } from "./no-dead-images.ts";

const web = (image: string) => deployment({ containers: [{ name: "web", image }] });

describe("images-no-dead-images", () => {
  itJudges(noDeadImages, {
    passes: {
      others: web("docker.io/library/haproxy:3.0"),
      "names that are alike": web("registry.example.org/not-bitnami/minio-exporter:1"),
      "an ingress controller that lives": web("docker.io/nginx/nginx-ingress:5.0"),
      "no image": deployment({ containers: [{ name: "web" }] }),
    },
    fails: {
      "Bitnami's": [
        web("bitnami/redis:7"),
        /names the image bitnami\/redis:7: Bitnami .*\(https:\/\/github\.com\/bitnami/,
      ],
      "Bitnami's archive, by digest": [web(`docker.io/bitnamilegacy/kafka@sha256:${"a".repeat(64)}`), "2025-08-28"],
      "Bitnami's in a mirror": [web("registry.example.org/docker.io/bitnami/redis:7"), "Bitnami"],
      "MinIO's": [web("minio/minio"), "MinIO has published no images"],
      "MinIO's elsewhere": [web("quay.io/minio/minio:latest"), "MinIO has published no images"],
      "Ingress NGINX": [web("registry.k8s.io/ingress-nginx/controller:v1.13.0"), "Ingress NGINX was retired"],
      "the registry that Kubernetes left": [web("k8s.gcr.io/pause:3.9"), "registry.k8s.io took its place"],
      "a custom resource's": [object("Cluster", { spec: { imageName: "bitnami/postgresql:17" } }), "spec.imageName"],
    },
    ignores: { "what has no images": object("ConfigMap", {}) },
    undecided: { "an image that is not known": withUnknown(web("a"), "spec.template.spec.containers.0.image") },
  });
});
