import { describe, expect, it } from "@jest/globals";
import { rateLimits } from "./rate-limits.ts";
import { settings } from "./testing.ts";

const shared = settings.rateLimits;
const own = { ...shared, sharedAddresses: false };

describe("rate limits", () => {
  it("let everybody sign in from one address on the same morning", () => {
    expect(rateLimits(2500, shared).rc_login.address.burst_count).toBeGreaterThanOrEqual(2500);
  });

  it("hold an address where people do not share it", () => {
    expect(rateLimits(2500, own).rc_login.address.burst_count).toBeLessThanOrEqual(20);
  });

  it("hold guesses at one account wherever they come from", () => {
    for (const each of [shared, own]) {
      const { failed_attempts, account } = rateLimits(10_000, each).rc_login;
      expect(failed_attempts.burst_count).toBeLessThanOrEqual(5);
      // Fewer than 5,000 guesses a day.
      expect(failed_attempts.per_second * 86_400).toBeLessThan(5000);
      expect(account.burst_count).toBeLessThanOrEqual(10);
    }
  });

  it("let everybody be invited to, and join, the room of everybody", () => {
    const limits = rateLimits(2500, shared);
    expect(limits.rc_joins_per_room.burst_count).toBeGreaterThanOrEqual(2500);
    expect(limits.rc_invites.per_issuer.burst_count).toBeGreaterThanOrEqual(2500);
  });

  it("take messages as the settings say", () => {
    const limits = rateLimits(10, { ...shared, messagesPerSecond: 0.5, messageBurst: 7 });
    expect(limits.rc_message).toEqual({ per_second: 0.5, burst_count: 7 });
  });
});
