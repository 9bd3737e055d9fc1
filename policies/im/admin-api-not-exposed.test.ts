import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { adminApiNotExposed } from "./admin-api-not-exposed.ts";
import { edge, edgePath, otherEdges } from "./edge-testing.ts";

const refused = "acl inner path_beg -i /_synapse/admin /_synapse/metrics /_matrix/client/";
const refuse = "http-request return status 404 if matrix inner";
const open = /^the frontend "users" does not refuse /;

describe("im-admin-api-not-exposed", () => {
  itJudges(adminApiNotExposed, {
    passes: {
      "all of it refused": edge(refused, refuse),
      "all of it refused on every host": edge(refused, "http-request deny if inner"),
      "the path and what is below, apart": edge(
        refused,
        "acl inner path /_synapse/admin",
        "acl inner path_beg /_synapse/admin/",
        refuse,
      ),
    },
    fails: {
      "nothing refused": [edge(), open, open, open, open, open],
      "something forgotten": [
        edge("acl inner path_beg /_synapse/metrics /_matrix/client/", refuse),
        'the frontend "users" does not refuse /_synapse/admin',
      ],
      "only the path itself": [
        edge("acl inner path_beg /_synapse/metrics /_matrix/client/", "acl inner path /_synapse/admin", refuse),
        "does not refuse /_synapse/admin",
      ],
      "a refusal for another host": [edge(refused, "http-request deny if web inner"), open, open, open, open, open],
      "a refusal but for some": [
        edge(refused, "http-request allow if { src 10.0.0.0/8 }", refuse),
        open,
        open,
        open,
        open,
        open,
      ],
      "a frontend that leads to Synapse alone": [
        object("ConfigMap", {
          data: { "haproxy.cfg": "frontend f\ndefault_backend b\nbackend b\nserver main synapse.chat.svc:8008" },
        }),
        ...Array.from({ length: 5 }, () => 'the frontend "f" does not refuse'),
      ],
    },
    ignores: otherEdges,
    undecided: { "a configuration that is not known": withUnknown(edge(), edgePath) },
  });
});

describe("im-admin-api-not-exposed, as an operator may set it", () => {
  itJudges(adminApiNotExposed, {
    settings: { paths: ["/_synapse/mas"] },
    passes: { "the path refused": edge("http-request deny if { path_beg /_synapse/mas }") },
    fails: { "other paths refused": [edge(refused, refuse), "does not refuse /_synapse/mas"] },
    ignores: otherEdges,
  });
});
