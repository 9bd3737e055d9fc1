import { each, subjectRule } from "../pack/rule.ts";
import { listenersOf, someOf } from "./listeners.ts";

export const noPlainListener = subjectRule((resource) => someOf(listenersOf(resource)), {
  id: "tls-no-plain-listener",
  title: "What is served is served over TLS, within the cluster too",
  why: "Who can see the network between two pods, on a node, a switch or a cloud's mirror port, reads passwords and messages that pass in plain text. Nor can a client tell that it talks to the right server.",
  fix: "Have the listener speak TLS (HAProxy: `bind … ssl crt`; nginx: `listen … ssl`; Synapse: `tls: true`; Ingress: `spec.tls`); only a health check or a redirect may do without.",
  severity: "critical",
  controls: {
    nsa: ["network/encryption"],
    iso: ["A.8.20", "A.8.24"],
    gbt: ["8.1.2.2 a)", "8.1.2.2 b)", "8.1.4.1 c)", "8.1.4.7 a)", "8.1.4.8 a)"],
  },
  check(listeners, report) {
    each(listeners, ({ where, encrypted, mayBePlain }) => {
      if (!encrypted && !mayBePlain) report(`${where} is served in plain text`);
    });
  },
});
