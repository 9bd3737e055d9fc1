import type { NetworkPolicyPeer } from "../pack/kubernetes.ts";
import { each, kindRule } from "../pack/rule.ts";
import { contains } from "./cidr.ts";
import { trafficOf } from "./traffic.ts";

/**
 * Where clouds tell a machine who it is, and with which credentials.
 *
 * @source https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * @source https://www.alibabacloud.com/help/doc-detail/141788.htm
 */
const addresses = ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"];

export const noMetadataService = kindRule("NetworkPolicy", {
  id: "network-no-metadata-service",
  title: "No pod may reach the cloud's metadata service",
  why: "It gives whoever asks from a node the node's credentials for the cloud. A pod that can be made to fetch a URL, as a preview of links does, then gives them away.",
  fix: "Name smaller blocks of addresses in `to`, or the service's address in `except`.",
  severity: "high",
  controls: { nsa: ["network/cloud"], iso: ["A.8.3", "A.8.22"], gbt: ["8.1.3.1 c)"] },
  check({ props: { spec = {} } }, report) {
    each(trafficOf(spec, ["Egress"]), ({ peers }) => {
      const blocks = peers.length === 0 ? everywhere : peers.flatMap(({ ipBlock }) => ipBlock ?? []);
      for (const address of addresses) {
        if (blocks.some((block) => reaches(block, address))) report(`the policy lets pods reach ${address}`);
      }
    });
  },
});

/** What a rule allows that names nobody. */
const everywhere: readonly IpBlock[] = [{ cidr: "0.0.0.0/0" }, { cidr: "::/0" }];

type IpBlock = NonNullable<NetworkPolicyPeer["ipBlock"]>;

function reaches({ cidr, except = [] }: IpBlock, address: string): boolean {
  return contains(cidr, address) && !except.some((excepted) => contains(excepted, address));
}
