import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { office, workers } from "../../../components/servers/testing.ts";
import { auditOf, outcomes } from "../audit.ts";
import type { Facts } from "../facts/index.ts";
import { describedFacts, differences, fleetOf, known } from "../testing.ts";

const audited = (server: Server, facts: Facts) => auditOf(server, fleetOf(server), facts);
const [worker] = workers;

describe("the system", () => {
  it("must be the one that is meant", () => {
    const found = differences(worker, () => ({
      system: known({ hostName: "worker-2", distribution: "rocky", release: "10.0" }),
    }));
    expect(found).toEqual({ "host name": "worker-2", "operating system": "rocky 10.0" });
  });

  it("waits for no security updates", () => {
    const pending = (ageDays: number) =>
      known({
        packages: [
          { name: "openssl", security: true },
          { name: "bash", security: false },
        ],
        ageDays,
        reboot: true,
      });
    const facts = describedFacts(office);
    expect(differences(office, () => ({ pendingUpdates: pending(1) }))).toEqual({
      "security updates": "1: openssl",
      "other updates": "1: bash",
      reboot: "an update asks for it",
    });
    // What it knew a month ago says nothing about today.
    const stale = audited(office, { ...facts, pendingUpdates: pending(30) });
    expect(outcomes(stale, "unknown").map(({ subject }) => subject)).toEqual(["security updates", "other updates"]);
  });
});
