import { quoted } from "./syntax.ts";

/** An answer of the edge itself that is not a success. */
export interface Refusal {
  readonly status: number;
  /**
   * In the format of Matrix's errors, which any client of JSON can read.
   * @source https://spec.matrix.org/latest/client-server-api/#standard-error-response
   */
  readonly body: Readonly<Record<string, string | number>>;
  /** Seconds after which trying again is sensible. */
  readonly retryAfterSeconds?: number;
}

const SIGN_IN_RETRY_SECONDS = 10;
const OUTAGE_RETRY_SECONDS = 5;

function refusal(status: number, errcode: string, error: string): Refusal {
  return { status, body: { errcode, error } };
}

export const refusals = {
  brokenPath: refusal(400, "M_UNRECOGNIZED", "The path has a form that cannot be passed on safely"),
  notFound: refusal(404, "M_UNRECOGNIZED", "Nothing is here"),
  methodNotAllowed: refusal(405, "M_UNRECOGNIZED", "This method is not allowed"),
  lengthRequired: refusal(411, "M_UNKNOWN", "The request needs a Content-Length"),
  tooLarge: refusal(413, "M_TOO_LARGE", "The request is larger than this server accepts"),
  unknownHost: refusal(421, "M_UNRECOGNIZED", "This host name is not served here"),
  tooManySignIns: {
    status: 429,
    body: {
      errcode: "M_LIMIT_EXCEEDED",
      error: "Too many sign-ins from this address",
      retry_after_ms: SIGN_IN_RETRY_SECONDS * 1000,
    },
    retryAfterSeconds: SIGN_IN_RETRY_SECONDS,
  },
} as const satisfies Record<string, Refusal>;

/** What HAProxy itself answers when a request is broken or a service does not. */
export const failures: readonly Refusal[] = [
  refusal(400, "M_UNRECOGNIZED", "The request is not valid HTTP"),
  refusal(408, "M_UNKNOWN", "The request did not arrive in time"),
  refusal(500, "M_UNKNOWN", "The request could not be handled"),
  ...[
    refusal(502, "M_UNKNOWN", "The service gave no valid answer"),
    refusal(503, "M_UNKNOWN", "The service is not available at the moment"),
    refusal(504, "M_UNKNOWN", "The service did not answer in time"),
  ].map((outage) => ({ ...outage, retryAfterSeconds: OUTAGE_RETRY_SECONDS })),
];

/** Status, body and headers, as `http-request return` and `http-error` take them. */
export function response({ status, body, retryAfterSeconds }: Refusal): string {
  const headers = {
    // Without it, a browser hides status and body from the web client.
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    ...(retryAfterSeconds !== undefined && {
      "Retry-After": `${retryAfterSeconds}`,
      "Access-Control-Expose-Headers": "Retry-After",
    }),
  };
  return [
    `status ${status} content-type application/json string ${quoted(JSON.stringify(body))}`,
    ...Object.entries(headers).map(([name, value]) => `hdr ${name} ${quoted(value)}`),
  ].join(" ");
}
