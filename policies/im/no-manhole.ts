import { listenersOf } from "../pack/configuration/homeserver-listeners.ts";
import { homeserverRule, told } from "./homeserver-rule.ts";

export const noManhole = homeserverRule({
  id: "im-no-manhole",
  title: "The homeserver has no manhole",
  why: "A listener of the type `manhole` is a Python prompt within the running process, with a password that is known to all unless somebody has set one. Whoever gets there reads every message and every key.",
  fix: "Remove the listener of the type `manhole`; add one by hand for as long as something has to be looked into.",
  severity: "high",
  controls: { iso: ["A.8.18"], gbt: ["8.1.4.4 b)"] },
  check(settings, report) {
    for (const { port, type } of listenersOf(settings)) {
      if (type === "manhole") report(`there is a manhole on port ${told(port)}`);
    }
  },
});
