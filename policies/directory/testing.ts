import { object } from "../pack/testing.ts";

const metadata = { name: "openldap", namespace: "chat" };
const database = ["database mdb", 'suffix "dc=example,dc=org"'];

/** A ConfigMap with OpenLDAP's configuration: the least that it needs, and these lines before and after. */
export function slapd(before: readonly string[], after: readonly string[] = []) {
  return object("ConfigMap", { metadata, data: { "slapd-0.conf": [...before, ...database, ...after].join("\n") } });
}

/** What rules about the directory have nothing to say about. */
export const others = {
  "another configuration": object("ConfigMap", { metadata, data: { "nginx.conf": "events {}" } }),
  "another kind of resource": object("Service", { metadata }),
};
