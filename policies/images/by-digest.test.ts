import { describe } from "@jest/globals";
import { deployment, itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { byDigest } from "./by-digest.ts";

const pinned = `registry.example.org/web:1@sha256:${"a".repeat(64)}`;
const tagged = "registry.example.org/web:1";
const web = (image: string) => deployment({ containers: [{ name: "web", image }] });
const custom = (spec: object) => resource("kubernetes:kafka.example.org/v1:Kafka", "kafka", { spec });

describe("images-by-digest", () => {
  itJudges(byDigest, {
    passes: {
      "an image by digest": web(pinned),
      "a database by digest": object("Cluster", { spec: { imageName: pinned } }),
      "a database whose image is in a catalogue": object("Cluster", { spec: { imageCatalogRef: { name: "ours" } } }),
      "a custom resource without images": custom({ image: { repository: "web" } }),
    },
    fails: {
      "a tag": [web(tagged), 'container "web" names the image registry.example.org/web:1 without a digest'],
      "half a digest": [web(`${tagged}@sha256:aaaa`), "without a digest"],
      "no image": [deployment({ containers: [{ name: "web" }] }), 'container "web" names no image'],
      "each image of a pod": [
        deployment({
          initContainers: [{ name: "prepare", image: tagged }],
          containers: [{ name: "web", image: pinned }],
          volumes: [{ name: "model", image: { reference: "registry.example.org/model" } }, { name: "scratch" }],
        }),
        'container "prepare"',
        'volume "model" names the image registry.example.org/model',
      ],
      "a database by tag": [
        object("Cluster", { spec: { imageName: "postgresql:17" } }),
        "spec.imageName names the image",
      ],
      "a database whose image the operator chooses": [object("Cluster", { spec: {} }), "spec.imageName names no image"],
      "images of custom resources, wherever they are": [
        custom({ kafka: { image: tagged }, pools: [{ template: { imageName: pinned } }, { image: "busybox" }] }),
        "spec.kafka.image names the image registry.example.org/web:1",
        "spec.pools.1.image names the image busybox",
      ],
    },
    ignores: {
      "what has no images": object("ConfigMap", { data: { image: tagged } }),
      "definitions of kinds": resource("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "kafkas", {
        spec: { image: "a description" },
      }),
    },
    undecided: {
      "an image that is not known": withUnknown(web(pinned), "spec.template.spec.containers.0.image"),
      "a database's that is not known": withUnknown(
        object("Cluster", { spec: { imageName: pinned } }),
        "spec.imageName",
      ),
    },
  });
});
