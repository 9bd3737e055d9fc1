/** Pure: what an answer of the client API means for a message. */
import * as z from "zod";
import type { JsonResponse } from "../runtime/http-json.ts";

/** What the homeserver refuses for good. */
export class RefusedError extends Error {}

/** What it may do later. */
export class UnavailableError extends Error {
  readonly waitSeconds: number | undefined;

  constructor(message: string, waitSeconds?: number) {
    super(message);
    this.waitSeconds = waitSeconds;
  }
}

/** @source https://spec.matrix.org/v1.16/client-server-api/#standard-error-response */
const refusal = z.object({
  errcode: z.string().default("without a code"),
  error: z.string().default("without a reason"),
  retry_after_ms: z.number().nonnegative().optional(),
});

/** Its token or the sender's account is not known there: it starts with another configuration, or somebody repairs it. */
const UNKNOWN = 401;
const TOO_MANY = 429;

/**
 * What the homeserver gave.
 *
 * @param what was tried, for the error
 * @throws RefusedError where it will say the same again
 * @throws UnavailableError where it has too much to do, or something of its own is wrong
 */
export function given({ status, body }: JsonResponse, what: string): unknown {
  if (status >= 200 && status < 300) return body;
  const { errcode, error, retry_after_ms } = refusal.parse(refusal.safeParse(body).data ?? {});
  const message = `${what}: ${status} ${errcode}: ${error}`;
  if (status === TOO_MANY) throw new UnavailableError(message, (retry_after_ms ?? 1000) / 1000);
  if (status === UNKNOWN || status >= 500 || status < 200) throw new UnavailableError(message);
  throw new RefusedError(message);
}
