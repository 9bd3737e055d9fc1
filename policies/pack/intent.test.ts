import { expect, it } from "@jest/globals";
import { isHighlyAvailable, isProduction } from "./intent.ts";
import { object } from "./testing.ts";

const stack = [
  object("Namespace", { metadata: { name: "chat", labels: { "roost/availability": "ha" } } }),
  object("Namespace", { metadata: { name: "archive", labels: { "roost/protection": "production" } } }),
];

it.each([
  ["chat", true, false],
  ["archive", false, true],
  ["default", false, false],
])("says what the namespace %s is meant to be", (namespace, availability, protection) => {
  expect(isHighlyAvailable(stack, namespace)).toBe(availability);
  expect(isProduction(stack, namespace)).toBe(protection);
});
