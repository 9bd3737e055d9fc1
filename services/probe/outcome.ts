import { messageOf } from "../runtime/log.ts";

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: "done"; readonly seconds: number }
  /** The service did not do it in time, or not at all. */
  | { readonly kind: "failed"; readonly reason: string }
  /** It would, but not for this account: somebody has locked it, or it asks too often. That says nothing about people. */
  | { readonly kind: "blocked"; readonly reason: string };

/** Why the homeserver refused. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: number;
  readonly errcode: string | undefined;

  /** @param what was asked, without identifiers and tokens */
  constructor(what: string, status: number, errcode: string | undefined) {
    super(`${what}: ${status}${errcode === undefined ? "" : ` ${errcode}`}`);
    this.status = status;
    this.errcode = errcode;
  }
}

/** @source https://spec.matrix.org/latest/client-server-api/#standard-error-response */
const OF_THE_ACCOUNT = ["M_FORBIDDEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED", "M_LIMIT_EXCEEDED"];

/** Runs an attempt, for so long at most. It never throws. */
export async function outcomeOf(
  timeoutSeconds: number,
  attempt: (signal: AbortSignal) => Promise<number>,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const tooLate = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error(`not within ${timeoutSeconds} s`)), { once: true }),
  );
  try {
    return { kind: "done", seconds: await Promise.race([attempt(signal), tooLate]) };
  } catch (error) {
    const blocked = error instanceof RefusedError && OF_THE_ACCOUNT.includes(error.errcode ?? "");
    return { kind: blocked ? "blocked" : "failed", reason: messageOf(error) };
  }
}
