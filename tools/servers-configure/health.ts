import type { Server } from "../../components/servers/model.ts";
import { type Audit, outcomes } from "../server-audit/audit.ts";
import type { Area, Check } from "../server-audit/check.ts";

/** What a running machine is brought to. Disks, links, updates and its system are changed by other means. */
const CONFIGURED: readonly Area[] = ["firewall", "access", "hardening"];

/**
 * Why the next rack must wait, a sentence each: what differs although it was configured, and what differs elsewhere since.
 *
 * @param before how the machine was found
 */
export function wrongAfter(server: Server, before: Audit, after: Audit): readonly string[] {
  if (after.problem !== undefined) return [`${server.name} did not answer to the end: ${after.problem}`];
  // What could not be told before may have been so.
  const known = new Set([...outcomes(before, "differs"), ...outcomes(before, "unknown")].map(nameOf));
  return outcomes(after, "differs")
    .filter((check) => !isForNextBoot(check, server))
    .filter((check) => isConfigured(check) || !known.has(nameOf(check)))
    .map(({ subject, outcome }) => `${server.name}: ${subject}: ${outcome.kind === "differs" ? outcome.found : ""}`);
}

/** A program that listens where nobody described it is not ours to stop: the packet filter drops what comes to it. */
function isConfigured({ area, subject }: Check): boolean {
  return CONFIGURED.includes(area) && subject !== "open ports";
}

/** Rules that nobody can change before the next boot are right in their file. */
function isForNextBoot({ subject }: Check, { hardening }: Server): boolean {
  return hardening.audit === "immutable" && subject === "audit rules";
}

function nameOf({ area, subject }: Check): string {
  return `${area} ${subject}`;
}
