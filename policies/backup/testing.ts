import { object, resource } from "../pack/testing.ts";

export const metadata = { name: "chat", namespace: "chat" };

/** A namespace that is protected, and whose state must not be lost. */
export const production = object(
  "Namespace",
  { metadata: { name: "chat", labels: { "roost/protection": "production" } } },
  { protect: true },
);

/** One for trying out. */
export const disposable = object("Namespace", {
  metadata: { name: "chat", labels: { "roost/protection": "disposable" } },
});

export const password = (name: string, protect = false) =>
  resource("random:index/randomPassword:RandomPassword", name, { length: 40 }, { protect });
