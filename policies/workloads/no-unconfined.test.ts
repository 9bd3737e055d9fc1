import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noUnconfined } from "./no-unconfined.ts";
import { web, webPath } from "./testing.ts";

const level = { type: "container_t", level: "s0:c1,c2" };

describe("workloads-no-unconfined", () => {
  const annotations = { "container.apparmor.security.beta.kubernetes.io/web": "unconfined" };
  const annotated = object("Pod", {
    metadata: { annotations },
    spec: { containers: [{ name: "web" }, { name: "other" }] },
  });

  itJudges(noUnconfined, {
    passes: {
      "a container that says nothing": web({}),
      "the runtime's own profile": web({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } }),
      "types that confine": web({}, { securityContext: { seLinuxOptions: { type: "container_t", user: "" } } }),
      "a level, which parts containers further": web({}, { securityContext: { seLinuxOptions: level } }),
    },
    fails: {
      "a container without AppArmor": [
        web({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
        'container "web" is not confined by AppArmor',
      ],
      "a pod without AppArmor": [
        web({}, { securityContext: { appArmorProfile: { type: "Unconfined" } } }),
        "is not confined by AppArmor",
      ],
      "the container that an annotation names": [annotated, 'container "web" is not confined by AppArmor'],
      "another SELinux type": [
        web({ securityContext: { seLinuxOptions: { type: "spc_t" } } }),
        "has the SELinux type spc_t",
      ],
      "an SELinux user": [web({ securityContext: { seLinuxOptions: { user: "system_u" } } }), "user or role"],
      "an SELinux role": [web({}, { securityContext: { seLinuxOptions: { role: "sysadm_r" } } }), "user or role"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a profile that is not known": withUnknown(
        web({ securityContext: { appArmorProfile: { type: "Localhost" } } }),
        `${webPath}.securityContext.appArmorProfile`,
      ),
    },
  });
});
