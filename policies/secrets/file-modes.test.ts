import { describe } from "@jest/globals";
import type { Volume } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { podPath, web } from "../workloads/testing.ts";
import { fileModes } from "./file-modes.ts";

const volume = (fields: Omit<Volume, "name">) => web({}, { volumes: [{ name: "files", ...fields }] });
const items = [{ key: "tls.key", path: "tls.key", mode: 0o400 }];

describe("secrets-file-modes", () => {
  itJudges(fileModes, {
    passes: {
      "no volumes": web({}),
      "user and group": volume({ secret: { secretName: "web-tls", defaultMode: 0o440 } }),
      "each file by itself": volume({ secret: { secretName: "web-tls", items } }),
      "what is no secret": volume({ configMap: { name: "web" }, projected: { sources: [{ configMap: {} }] } }),
    },
    fails: {
      "Kubernetes' default": [volume({ secret: { secretName: "web-tls" } }), 'volume "files" has files of mode 0644'],
      everybody: [volume({ secret: { secretName: "web-tls", defaultMode: 0o444 } }), "mode 0444"],
      "one file of several": [
        volume({
          secret: { secretName: "a", defaultMode: 0o440, items: [...items, { key: "b", path: "b", mode: 0o604 }] },
        }),
        "mode 0604",
      ],
      "a Secret among other sources": [
        volume({ projected: { sources: [{ configMap: {} }, { secret: { name: "web-tls" } }] } }),
        "mode 0644",
      ],
    },
    ignores: { "what makes no pods": object("Secret", {}) },
    undecided: {
      "a mode that is not known": withUnknown(
        volume({ secret: { secretName: "web-tls", defaultMode: 0 } }),
        `${podPath}.volumes.0.secret.defaultMode`,
      ),
    },
  });
});
