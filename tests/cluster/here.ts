/** The cluster that the tests use: the machine's own, or one beside it, by `ROOST_DATA` and `ROOST_NETWORK`. */
import { dataFolder } from "../../bootstrap/artifact.ts";
import { controlPlane, nodeAddress, site } from "../../bootstrap/cluster/site.ts";

const network = process.env.ROOST_NETWORK;

export const here = site(dataFolder, network);

export const node = nodeAddress(here, controlPlane);

/** `roost:cluster` for it. One beside the machine's own is a cluster like any other that an operator has. */
export const clusterSettings =
  network === undefined
    ? ({ kind: "embedded" } as const)
    : ({
        kind: "kubeconfig",
        path: here.kubeconfig,
        apiServerCidrs: [`${node}/32`],
        nodeCidrs: [`${node}/32`],
        clusterDns: { port: 1053 },
        nodePorts: "80-32767",
      } as const);
