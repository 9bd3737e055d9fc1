import { describe } from "@jest/globals";
import { itJudges, object, resource } from "../pack/testing.ts";
import { judgeableKinds } from "./judgeable-kinds.ts";

describe("workloads-judgeable-kinds", () => {
  itJudges(judgeableKinds, {
    passes: {
      "an object": object("Deployment", {}),
      "a custom resource whose name ends alike": resource("kubernetes:example.org/v1:AllowList", "hosts", {}),
      "a chart, whose objects are resources": resource("kubernetes:helm.sh/v4:Chart", "chart", {}),
    },
    fails: {
      "a release": [resource("kubernetes:helm.sh/v3:Release", "chat", {}), "Release of helm.sh installs a chart"],
      "a list": [resource("kubernetes:core/v1:ConfigMapList", "all", {}), "ConfigMapList of core holds many objects"],
      "a patch": [
        resource("kubernetes:apps/v1:DeploymentPatch", "web", {}),
        "DeploymentPatch of apps changes an object of which only a part is told",
      ],
      "what makes pods in an old way": [
        resource("kubernetes:core/v1:ReplicationController", "web", {}),
        "makes pods that are not judged",
      ],
    },
    ignores: { "what is not of Kubernetes": resource("tls:index/privateKey:PrivateKey", "key", {}) },
  });
});
