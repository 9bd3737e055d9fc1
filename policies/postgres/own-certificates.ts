import { clusterRule } from "./clusters.ts";

export const ownCertificates = clusterRule({
  id: "postgres-own-certificates",
  title: "PostgreSQL's certificate comes from the environment's authority",
  why: "Otherwise the operator makes an authority of its own for every cluster, which clients have to fetch from the cluster to trust it. Most then do not verify at all, and encrypt to whoever answers.",
  fix: "Issue a certificate for the cluster's Services, and name its Secret in `certificates.serverTLSSecret` and `serverCASecret`.",
  severity: "medium",
  controls: { nsa: ["network/encryption"], iso: ["A.8.24"] },
  check({ certificates = {} }, report) {
    const missing = (["serverTLSSecret", "serverCASecret"] as const).filter((name) => !certificates[name]);
    if (missing.length > 0) report(`the cluster names no ${missing.join(" and no ")}, so that the operator makes one`);
  },
});
