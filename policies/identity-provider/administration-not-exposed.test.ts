import { describe } from "@jest/globals";
import { itJudges, object } from "../pack/testing.ts";
import { administrationNotExposed } from "./administration-not-exposed.ts";

function edge(...lines: readonly string[]) {
  const text = [
    "frontend users",
    ...lines,
    "use_backend id if { path_beg /realms/ }",
    "default_backend web",
    "backend id",
    "server main keycloak.chat.svc:8443",
    "backend web",
    "server main web.chat.svc:8443",
  ];
  return object("ConfigMap", { metadata: { name: "edge" }, data: { "haproxy.cfg": text.join("\n") } });
}

const all = ["/admin", "/realms/master", "/metrics", "/health"];
const refused = (paths: readonly string[]) =>
  `http-request return status 404 if { path ${paths.join(" ")} } || { path_beg ${paths.map((path) => `${path}/`).join(" ")} }`;

describe("identity-provider-administration-not-exposed", () => {
  itJudges(administrationNotExposed, {
    passes: { "an edge that refuses all of it": edge(refused(all)) },
    fails: {
      "an edge that refuses nothing": [edge(), "/admin", "/realms/master", "/metrics", "/health"],
      "one that forgets the administrators' realm": [
        edge(refused(["/admin", "/metrics", "/health"])),
        'the frontend "users" does not refuse /realms/master',
      ],
    },
    ignores: {
      "an edge of something else": object("ConfigMap", {
        data: { "haproxy.cfg": "frontend f\ndefault_backend web\nbackend web\nserver main web:443" },
      }),
      "another kind of resource": object("Service", {}),
    },
  });
});
