import type { MatrixSettings } from "./settings.ts";

/** A bucket of `burst_count` requests that fills again by `per_second`. */
export interface RateLimit {
  readonly per_second: number;
  readonly burst_count: number;
}

/**
 * Limits for an organisation: an account is held as soon as it behaves like no person, an address only when it does
 * what all the people behind it together would not. Synapse's own defaults suit a public server, where strangers sign in
 * from addresses of their own: behind one office's address, the sixth sign-in of the morning would fail.
 * @source https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#ratelimiting
 */
export function rateLimits(users: number, settings: MatrixSettings["rateLimits"]) {
  return {
    rc_message: { per_second: settings.messagesPerSecond, burst_count: settings.messageBurst },
    rc_login: {
      address: signInsByAddress(users, settings.sharedAddresses),
      // All devices of a person in one go; after that one every 20 s.
      account: { per_second: 0.05, burst_count: 10 },
      // Five guesses, then three a minute: enough for a typing error, too few to find a password.
      failed_attempts: { per_second: 0.05, burst_count: 5 },
    },
    // Registration is off; these two limit what trying nevertheless may cost.
    rc_registration: { per_second: 0.1, burst_count: 5 },
    rc_registration_token_validity: { per_second: 0.1, burst_count: 5 },
    rc_joins: {
      // A newcomer joins all rooms of a department at once.
      local: { per_second: 0.5, burst_count: 100 },
      // There is no other server to join a room of.
      remote: { per_second: 0.01, burst_count: 1 },
    },
    // Everybody joins the room of everybody on the first morning.
    rc_joins_per_room: { per_second: 10, burst_count: atLeast(100, users) },
    rc_invites: {
      per_room: { per_second: 1, burst_count: atLeast(100, users) },
      // Rooms that one newcomer is invited to.
      per_user: { per_second: 0.1, burst_count: 100 },
      per_issuer: { per_second: 1, burst_count: atLeast(100, users) },
    },
    rc_room_creation: { per_second: 0.1, burst_count: 20 },
    // Each letter that is typed is a search.
    rc_user_directory: { per_second: 2, burst_count: 200 },
    // A moderator clears a room.
    rc_admin_redaction: { per_second: 5, burst_count: 200 },
  } satisfies Record<string, RateLimit | Record<string, RateLimit>>;
}

/** Everybody may sign in at once where they share an address; where they do not, an address is a household. */
function signInsByAddress(users: number, sharedAddresses: boolean): RateLimit {
  if (!sharedAddresses) return { per_second: 0.1, burst_count: 20 };
  return { per_second: atLeast(1, Math.ceil(users / 600)), burst_count: atLeast(50, users) };
}

function atLeast(least: number, value: number): number {
  return Math.max(least, value);
}
