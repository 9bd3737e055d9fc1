import { clusterRule } from "./clusters.ts";

export const noSuperuserAccess = clusterRule({
  id: "postgres-no-superuser-access",
  title: "Nobody signs in to PostgreSQL as superuser over the network",
  why: "The superuser reads every database, runs programs on the server and switches off every log. With a password for it, that is one Secret away.",
  fix: "Leave `enableSuperuserAccess` out. Who must act as superuser does so in the instance's container: `kubectl cnpg psql`.",
  severity: "critical",
  controls: { iso: ["A.8.2"], gbt: ["8.1.4.2 b)", "8.1.4.2 d)"] },
  check({ enableSuperuserAccess, superuserSecret }, report) {
    if (enableSuperuserAccess === true) report("the superuser has a password");
    else if (superuserSecret !== undefined) report(`the Secret "${superuserSecret.name}" is meant for the superuser`);
  },
});
