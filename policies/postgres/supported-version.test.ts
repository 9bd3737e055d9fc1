import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { supportedVersion } from "./supported-version.ts";
import { cluster } from "./testing.ts";

describe("postgres-supported-version", () => {
  itJudges(supportedVersion, {
    passes: {
      "a tag": cluster({ imageName: "ghcr.io/cloudnative-pg/postgresql:17.5-standard-bookworm" }),
      "a tag and a digest": cluster({ imageName: `localhost:5000/postgres:17@sha256:${"0".repeat(64)}` }),
      "a catalogue": cluster({ imageCatalogRef: { name: "postgresql", major: 18 } }),
    },
    fails: {
      "a version that has ended": [cluster({ imageName: "postgres:14.20" }), "PostgreSQL 14 is older than 15"],
      "one from a catalogue": [cluster({ imageCatalogRef: { major: 13 } }), "PostgreSQL 13"],
      "a digest alone": [cluster({ imageName: `localhost:5000/postgres@sha256:${"0".repeat(64)}` }), "major version"],
      "nothing said": [cluster({}), "neither the image's tag nor a catalogue"],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "an image that is not known": withUnknown(cluster({ imageName: "" }), "spec.imageName") },
  });

  describe("with another minimum", () => {
    itJudges(supportedVersion, {
      settings: { minimum: 17 },
      passes: { "that version": cluster({ imageName: "postgres:17" }) },
      fails: { "an older one": [cluster({ imageName: "postgres:16" }), "16 is older than 17"] },
      ignores: {},
    });
  });
});
