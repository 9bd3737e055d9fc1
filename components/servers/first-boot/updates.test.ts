import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { MaintenanceWindow } from "../model.ts";
import { office } from "../testing.ts";
import { calendar, rebootTimes, updates } from "./updates.ts";

const window: MaintenanceWindow = { days: ["Sat", "Sun"], start: "23:30", minutes: 90 };

describe("a maintenance window", () => {
  it("goes on after midnight, on the next day", () => {
    expect(calendar(window, 0)).toBe("Sat,Sun *-*-* 23:30:00");
    expect(calendar(window, 45)).toBe("Mon,Sun *-*-* 00:15:00");
  });

  it("has all times at which a machine may reboot", () => {
    expect(rebootTimes({ ...window, start: "03:00" })).toEqual(
      ["03:15", "03:30", "03:45", "04:00", "04:15"].map((time) => `Sat,Sun *-*-* ${time}:00`),
    );
  });

  it("is never left, whatever it is", () => {
    const windows = fc.record({ hour: fc.nat(23), minute: fc.nat(59), minutes: fc.integer({ min: 30, max: 600 }) });
    fc.assert(
      fc.property(windows, ({ hour, minute, minutes }) => {
        const start = `${`${hour}`.padStart(2, "0")}:${`${minute}`.padStart(2, "0")}`;
        for (const time of rebootTimes({ days: ["Wed"], start, minutes })) {
          const [, day = "", at = "", past = ""] = /^(\w+) \*-\*-\* (\d+):(\d+):00$/.exec(time) ?? [];
          const after = (day === "Wed" ? 0 : 24 * 60) + Number(at) * 60 + Number(past) - hour * 60 - minute;
          expect(after).toBeGreaterThan(0);
          // Draining takes ten minutes at most.
          expect(after + 10).toBeLessThanOrEqual(minutes);
        }
      }),
    );
  });

  it("is all that reboots know of", () => {
    const never = updates({ ...office, updates: { ...office.updates, reboot: "never" } });
    expect(never.units).toEqual(["apt-daily-upgrade.timer"]);
    const apt = never.files?.find(({ path }) => path.endsWith("52roost-unattended-upgrades"))?.content;
    expect(apt).toContain('Automatic-Reboot "false"');
  });
});
