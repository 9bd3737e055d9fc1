import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noMetadataService } from "./no-metadata-service.ts";
import { app, egress, ingress, pods } from "./testing.ts";

const block = (cidr: string, ...except: string[]) => egress(app("web"), [{ ipBlock: { cidr, except } }]);

describe("network-no-metadata-service", () => {
  itJudges(noMetadataService, {
    passes: {
      "pods by label": egress(app("web"), [pods("db")]),
      "a block beside it": block("10.0.0.0/8"),
      "a block from which it is excepted": block("0.0.0.0/0", "169.254.0.0/16", "100.100.100.200/32"),
      "ingress, whoever it is from": ingress(app("web"), []),
    },
    fails: {
      "a block that contains it": [block("169.254.0.0/16"), "the policy lets pods reach 169.254.169.254"],
      "a block of IPv6 that contains it": [block("fd00::/8"), "the policy lets pods reach fd00:ec2::254"],
      "a block with another exception": [block("100.64.0.0/10", "10.0.0.0/8"), "reach 100.100.100.200"],
      "a rule without receivers": [egress(app("web"), []), "169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
    },
    ignores: { "what is no NetworkPolicy": object("Service", {}) },
    undecided: { "a block that is not known": withUnknown(block("10.0.0.0/8"), "spec.egress.0.to.0.ipBlock.cidr") },
  });
});
