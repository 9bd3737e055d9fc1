import type { Server } from "../../../components/servers/model.ts";
import { type Check, check, type Statement } from "../check.ts";
import type { Facts } from "../facts/index.ts";

/** Whether it is the machine that is meant, and whether it started whole. */
export function systemChecks({ name, operatingSystem }: Server, { system, units }: Facts): readonly Check[] {
  const { distribution, release } = operatingSystem;
  const about = (setting: string, said: Omit<Statement, "area" | "setting">): Statement => ({
    area: "system",
    setting: `roost:servers.${setting}`,
    ...said,
  });
  return [
    check(
      about(`machines.${name}`, {
        subject: "host name",
        expected: name,
        severity: "critical",
        remedy: "Make sure that it is this machine before you follow any other line.",
      }),
      system,
      ({ hostName }) => (hostName.replace(/\..*/, "") === name ? undefined : hostName),
    ),
    check(
      about("os", {
        subject: "operating system",
        expected: `${distribution} ${release}`,
        severity: "warning",
        remedy: "Write what is installed into the settings, or install it again.",
      }),
      system,
      (found) => {
        // The CentOS family counts minor releases too: 9.4 is 9.
        const same = found.distribution === distribution && `${found.release}.`.startsWith(`${release}.`);
        return same ? undefined : `${found.distribution} ${found.release}`;
      },
    ),
    check(
      about(`machines.${name}`, {
        subject: "failed units",
        expected: "none",
        severity: "warning",
        remedy: 'Look at "systemctl --failed" and their journals.',
      }),
      units,
      (all) => {
        const failed = [...all].filter(([, state]) => state === "failed").map(([unit]) => unit);
        return failed.length === 0 ? undefined : failed.join(", ");
      },
    ),
  ];
}
