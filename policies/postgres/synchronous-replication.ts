import { highlyAvailableRule } from "./clusters.ts";

export const synchronousReplication = highlyAvailableRule({
  id: "postgres-synchronous-replication",
  title: "A commit of a highly available PostgreSQL cluster is on two nodes before it is acknowledged",
  why: "What only the primary has is lost with its node, though the client was told that it is stored. People then miss messages that they saw being sent.",
  fix: "Set `postgresql.synchronous` with `method: any`, `number: 1` and `dataDurability: required`.",
  severity: "high",
  controls: { iso: ["A.8.14"], gbt: ["8.1.4.9 c)"] },
  check({ instances = 1, postgresql = {} }, report) {
    const { synchronous, parameters = {} } = postgresql;
    const commit = parameters.synchronous_commit ?? "on";
    if (synchronous?.method === undefined || (synchronous.number ?? 0) < 1) {
      report("the primary waits for no standby");
      return;
    }
    const { number = 0, dataDurability = "required" } = synchronous;
    // That one instance has no standbys is for another rule to say.
    if (instances > 1 && number >= instances) {
      report(`the primary waits for ${number} standbys, and there are ${instances - 1}`);
    }
    if (dataDurability !== "required") {
      report(`with dataDurability "${dataDurability}" the primary goes on alone when standbys are missing`);
    }
    // Off, it does not even wait for its own disk.
    if (/^(?:off|false|no|0|local)$/i.test(commit))
      report(`with synchronous_commit "${commit}" no commit waits for a standby`);
  },
});
