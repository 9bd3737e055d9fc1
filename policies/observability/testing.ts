import { stringify } from "yaml";
import { object } from "../pack/testing.ts";

/** A ConfigMap with the configuration of a Python program's logging: to the standard output, but for what is given. */
export function logging(changes: object = {}) {
  const whole = {
    version: 1,
    handlers: { console: { class: "logging.StreamHandler" } },
    root: { level: "INFO", handlers: ["console"] },
    ...changes,
  };
  return object("ConfigMap", { data: { "logging.yaml": stringify(whole) } });
}

/** Where that text is. */
export const loggingPath = ["data", "logging.yaml"];

/** What rules about logging have nothing to say about. */
export const others = {
  "another configuration": object("ConfigMap", { data: { "config.yaml": "version: 1" } }),
  "another kind of resource": object("Service", {}),
};

/** A ConfigMap with HAProxy's configuration: a frontend with these lines, which leads to a server. */
export function edge(...lines: readonly string[]) {
  const text = [
    "global",
    "log stdout format raw local0",
    "frontend users",
    ...lines,
    "default_backend web",
    "backend web",
    "server web web:8443",
  ];
  return object("ConfigMap", { data: { "haproxy.cfg": text.join("\n") } });
}

/** Where that text is. */
export const edgePath = ["data", "haproxy.cfg"];
