import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noSharedDisks } from "./no-shared-disks.ts";

describe("availability-no-shared-disks", () => {
  const claim = (...accessModes: string[]) =>
    object("PersistentVolumeClaim", { metadata: { name: "media", namespace: "chat" }, spec: { accessModes } });
  const volumes = [{ name: "media", persistentVolumeClaim: { claimName: "media" } }];
  const web = (replicas: number, type = "RollingUpdate") =>
    object("Deployment", {
      metadata: { name: "web", namespace: "chat" },
      spec: { replicas, strategy: { type }, template: { spec: { volumes } } },
    });

  itJudges(noSharedDisks, {
    passes: {
      "a volume for many": [web(2), claim("ReadWriteOnce", "ReadWriteMany")],
      "a pod that ends before the next begins": [web(1, "Recreate"), claim("ReadWriteOnce")],
      "a volume of which nothing is known": web(2),
    },
    fails: {
      "pods that share": [
        [web(2, "Recreate"), claim("ReadWriteOnce")],
        'the 2 pods of chat/web share the claim "media", which is for one node',
      ],
      "a pod that waits for the one before it": [
        [web(1), claim("ReadWriteOncePod")],
        'an update of chat/web waits for the claim "media"',
      ],
    },
    ignores: {
      "pods without volumes": [deployment({}), claim("ReadWriteOnce")],
      "a StatefulSet, which ends a pod before it makes the next": [
        object("StatefulSet", { spec: { replicas: 1, template: { spec: { volumes } } } }),
        claim("ReadWriteOnce"),
      ],
    },
    undecided: { "modes that are not known": [web(2), withUnknown(claim("ReadWriteOnce"), "spec.accessModes")] },
  });
});
