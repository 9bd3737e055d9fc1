/**
 * Pure: a program that writes as accounts of its own, as Matrix knows it: an application service.
 *
 * @source https://spec.matrix.org/v1.16/application-service-api/#registration
 */

/**
 * Beginning of its accounts' localparts. No person can have such a name: Synapse lets nobody else begin with an underscore, and makes
 * another character of it where a directory's name does.
 */
export const bulkPrefix = "_bulk_";

export interface BulkTokens {
  /** By which the homeserver knows the program. */
  readonly asToken: string;
  /** By which the program would know the homeserver, which never calls it. */
  readonly hsToken: string;
}

/** What Synapse reads of it. */
export function bulkRegistration(domain: string, { asToken, hsToken }: BulkTokens) {
  return {
    id: "roost-bulk",
    // It is told of nothing, and listens nowhere.
    url: null,
    as_token: asToken,
    hs_token: hsToken,
    sender_localpart: "_bulk",
    // The program itself holds each sender to its rate, and all to what the homeserver can take; a limit for each account beside that would
    // make it wait for nothing.
    rate_limited: false,
    namespaces: {
      users: [{ exclusive: true, regex: `@${bulkPrefix}[a-z0-9-]+:${escaped(domain)}` }],
      aliases: [],
      rooms: [],
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[.\\+*?[^\]$(){}=!<>|:#-]/g, "\\$&");
}
