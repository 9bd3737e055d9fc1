import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noCertificateApproval } from "./no-certificate-approval.ts";
import { clusterRole, role } from "./testing.ts";

const apiGroups = ["certificates.k8s.io"];
const approval = { apiGroups, resources: ["certificatesigningrequests/approval"], verbs: ["update"] };

describe("identity-no-certificate-approval", () => {
  itJudges(noCertificateApproval, {
    passes: {
      "asking for a certificate": clusterRole({
        apiGroups,
        resources: ["certificatesigningrequests"],
        verbs: ["create", "get"],
      }),
      "reading the approval": clusterRole({ ...approval, verbs: ["get"] }),
      "the same name in another group": clusterRole({ ...approval, apiGroups: ["example.org"] }),
    },
    fails: {
      approval: [clusterRole(approval), "rules[0] allows to update certificatesigningrequests/approval"],
      "writing the certificate": [
        clusterRole({ ...approval, resources: ["certificatesigningrequests/status"], verbs: ["patch"] }),
        "allows to patch certificatesigningrequests/status",
      ],
      "the right to sign": [
        clusterRole({ apiGroups, resources: ["signers"], verbs: ["approve", "sign"] }),
        "allows to approve, sign signers",
      ],
      "any approval whatever": [clusterRole({ ...approval, resources: ["*/approval"] }), "/approval"],
    },
    ignores: { "a role in a namespace, where requests do not lie": role(approval) },
    undecided: { "verbs that are not known": withUnknown(clusterRole(approval), "rules.0.verbs") },
  });
});
