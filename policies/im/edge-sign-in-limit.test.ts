import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { edgeSignInLimit } from "./edge-sign-in-limit.ts";
import { edge, edgePath, otherEdges } from "./edge-testing.ts";

describe("im-edge-sign-in-limit", () => {
  const count = "http-request track-sc0 src,ipmask(32,64) table sign_ins if { path_beg /_matrix/client/v3/login }";
  const refuse = "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 10 }";

  itJudges(edgeSignInLimit, {
    passes: {
      "a limit by address": edge(count, refuse),
      "a limit whose test has a name": edge(
        count,
        "acl often sc0_gpc0_rate(sign_ins) ge 10",
        "http-request deny if often",
      ),
      "a count of connections": edge("tcp-request connection track-sc1 src", refuse),
    },
    fails: {
      "no limit": [edge(), 'the frontend "users" refuses nobody for trying too often'],
      "a count that has no effect": [edge(count), "refuses nobody for trying too often"],
      "a count that a client can choose": [
        edge("http-request track-sc0 req.hdr(x-forwarded-for)", refuse),
        'the frontend "users" does not count by address',
      ],
    },
    ignores: otherEdges,
    undecided: { "a configuration that is not known": withUnknown(edge(), edgePath) },
  });
});
