import { describe, expect, it } from "@jest/globals";
import { readSettings } from "./read.ts";

describe("settings out of Pulumi's configuration", () => {
  it("have dates as they were written, which Pulumi takes for times when they have no quotes", () => {
    const text = JSON.stringify({ expires: "2027-01-31 00:00:00 +0000 UTC", topic: "2027-01-31, 00:00:00 +0000 UTC" });
    expect(readSettings({ "roost:identity": text }).raw).toEqual({
      identity: { expires: "2027-01-31", topic: "2027-01-31, 00:00:00 +0000 UTC" },
    });
  });
});
