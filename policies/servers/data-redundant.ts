import { precious, serverRule } from "./server-rule.ts";

export const dataRedundant = serverRule({
  id: "servers-data-redundant",
  title: "No data of a machine is lost with one disk",
  why: "Disks fail, and more of them the older they are. Data on one disk, or on RAID 0, is then what the last backup has.",
  fix: "Give the pool a second disk, and a layout in which one may fail (raid1, raid5, raid6 or raid10).",
  severity: "high",
  // A machine of which there are several may well lose its data; the settings refuse it where nothing else has a copy.
  enforcement: "advisory",
  controls: { iso: ["A.8.14"], gbt: ["8.1.2.1 e)"] },
  check({ storage: { pools } }, report) {
    for (const { name, redundancy, volumes } of pools) {
      const lost = volumes.filter(({ purpose }) => precious.includes(purpose)).map((volume) => volume.name);
      const single = redundancy.kind === "none" || redundancy.level === "raid0";
      if (single && lost.length > 0) report(`the pool ${name} is lost with one disk, and with it ${lost.join(", ")}`);
    }
  },
});
