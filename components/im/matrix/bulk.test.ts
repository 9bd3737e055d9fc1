import { describe, expect, it } from "@jest/globals";
import { bulkRegistration } from "./bulk.ts";
import { homeserverConfiguration } from "./homeserver.ts";
import { addresses, settings, sizing } from "./testing.ts";

const registration = bulkRegistration("chat-1.example.org", { asToken: "as", hsToken: "hs" });

describe("the registration of a program that writes as accounts of its own", () => {
  it("takes accounts of its beginning alone, on this server alone", () => {
    const [{ regex, exclusive } = { regex: "", exclusive: false }] = registration.namespaces.users;
    const whole = new RegExp(`^(?:${regex})$`);
    expect(exclusive).toBe(true);
    expect("@_bulk_alerts:chat-1.example.org").toMatch(whole);
    for (const other of [
      "@bulk_alerts:chat-1.example.org",
      "@_bulk_alerts:chat-1xexample.org",
      "@ada:chat-1.example.org",
    ])
      expect(other).not.toMatch(whole);
  });

  it("is told of nothing, and is not held back a second time", () => {
    expect(registration).toMatchObject({ url: null, rate_limited: false, as_token: "as", hs_token: "hs" });
  });

  it("is read where there is such a program, and nowhere else", () => {
    const args = { ...addresses, domain: "example.org", users: 100, settings, sizing };
    expect(homeserverConfiguration(args)).not.toHaveProperty("app_service_config_files");
    expect(homeserverConfiguration({ ...args, bulk: true })).toMatchObject({
      app_service_config_files: ["/secrets/bulk.yaml"],
    });
  });
});
