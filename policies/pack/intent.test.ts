import { describe, expect, it } from "@jest/globals";
import { asksForAvailability, isHighlyAvailable, isProduction } from "./intent.ts";
import { object } from "./testing.ts";

const namespace = (name: string, labels = {}) => object("Namespace", { metadata: { name, labels } });
const available = namespace("chat", { "roost/availability": "ha" });
const single = namespace("trial", { "roost/availability": "single" });

describe("what an environment is meant to be", () => {
  it("is what the namespace says", () => {
    expect(isHighlyAvailable([available, single], "chat")).toBe(true);
    expect(isHighlyAvailable([available, single], "trial")).toBe(false);
  });

  it("is for a namespace that says nothing what any other does", () => {
    expect(isHighlyAvailable([namespace("operators"), single, available], "operators")).toBe(true);
    expect(isHighlyAvailable([namespace("operators"), single], "operators")).toBe(false);
    expect(isHighlyAvailable([], "default")).toBe(false);
  });

  it("is asked of the stack as a whole too", () => {
    expect(asksForAvailability([single, available])).toBe(true);
    expect(asksForAvailability([single])).toBe(false);
    expect(isProduction([single, namespace("db", { "roost/protection": "production" })])).toBe(true);
    expect(isProduction([namespace("db", { "roost/protection": "disposable" })])).toBe(false);
  });
});
