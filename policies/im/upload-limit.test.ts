import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { edge, edgePath, otherEdges } from "./edge-testing.ts";
import { homeserver } from "./testing.ts";
import { uploadLimit } from "./upload-limit.ts";

describe("im-upload-limit", () => {
  const tooLarge = (bytes: number, host = "matrix") => `http-request deny if ${host} { req.body_size gt ${bytes} }`;

  itJudges(uploadLimit, {
    passes: {
      "the same limit": [homeserver({ max_upload_size: "2K" }), edge(tooLarge(2048))],
      "a lower limit": [homeserver({ max_upload_size: 2048 }), edge(tooLarge(1024))],
      "Synapse's own limit": [homeserver(), edge("http-request deny if { req.hdr_val(content-length) gt 52428800 }")],
    },
    fails: {
      "no limit": [[homeserver(), edge()], 'the frontend "users" refuses no request for its size'],
      "a limit for another host": [[homeserver(), edge(tooLarge(1, "web"))], "refuses no request for its size"],
      "a limit for small ones": [
        [homeserver(), edge("http-request deny if { req.body_size lt 9 }")],
        "refuses no request",
      ],
      "a larger limit": [
        [homeserver({ max_upload_size: "1M" }), edge(tooLarge(2_000_000))],
        "lets 2000000 bytes through, the homeserver takes 1048576",
      ],
    },
    ignores: {
      "a homeserver without an edge": homeserver(),
      "an edge without a homeserver": edge(),
      "an edge of something else": [homeserver(), ...Object.values(otherEdges)],
    },
    undecided: { "an edge that is not known": [homeserver(), withUnknown(edge(), edgePath)] },
  });
});
