import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { allowedRegistries } from "./allowed-registries.ts";

const web = (image: string) => deployment({ containers: [{ name: "web", image }] });
const settings = { registries: ["registry.example.org:5000", "ghcr.io/element-hq/"] };

describe("images-allowed-registries", () => {
  itJudges(allowedRegistries, {
    settings,
    passes: {
      "an image of a registry": web("registry.example.org:5000/chat/web:1"),
      "an image in a folder": web("ghcr.io/element-hq/synapse:v1"),
      "a database's": object("Cluster", { spec: { imageName: "registry.example.org:5000/postgresql:17" } }),
    },
    fails: {
      "another registry": [
        web("quay.io/chat/web:1"),
        'container "web" names the image quay.io/chat/web:1, which comes from quay.io',
      ],
      "the registry that is meant where none is named": [web("haproxy:3.0"), "comes from docker.io"],
      "another folder": [web("ghcr.io/element-hq-other/synapse"), "comes from ghcr.io"],
      "a name that begins alike": [web("registry.example.org:50000/web"), "comes from registry.example.org:50000"],
      "a database's": [object("Cluster", { spec: { imageName: "postgresql:17" } }), "spec.imageName"],
    },
    ignores: { "what has no images": object("ConfigMap", {}) },
    undecided: { "an image that is not known": withUnknown(web("a"), "spec.template.spec.containers.0.image") },
  });

  describe("with no registries", () => {
    itJudges(allowedRegistries, { passes: {}, fails: {}, ignores: { "any image": web("") } });
  });
});
