import type { Server } from "../../components/servers/model.ts";
import { type Audit, outcomes } from "../server-audit/audit.ts";
import type { Area, Check } from "../server-audit/check.ts";

/** What a running machine is brought to. Disks, links and updates are changed by other means. */
const CONFIGURED: readonly Area[] = ["system", "firewall", "access", "hardening"];

/**
 * Why the next rack must wait, a sentence each: what differs although it was configured, and what differs elsewhere since.
 *
 * @param before how the machine was found
 */
export function wrongAfter(server: Server, before: Audit, after: Audit): readonly string[] {
  if (after.problem !== undefined) return [`${server.name} did not answer to the end: ${after.problem}`];
  const known = new Set(outcomes(before, "differs").map(nameOf));
  return outcomes(after, "differs")
    .filter((check) => !isForNextBoot(check, server))
    .filter((check) => CONFIGURED.includes(check.area) || !known.has(nameOf(check)))
    .map(({ subject, outcome }) => `${server.name}: ${subject}: ${outcome.kind === "differs" ? outcome.found : ""}`);
}

/** Rules that nobody can change before the next boot are right in their file. */
function isForNextBoot({ subject }: Check, { hardening }: Server): boolean {
  return hardening.audit === "immutable" && subject === "audit rules";
}

function nameOf({ area, subject }: Check): string {
  return `${area} ${subject}`;
}
