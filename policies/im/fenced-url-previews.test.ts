import { describe } from "@jest/globals";
import { nonPublicRanges } from "../../components/im/matrix/public-ranges.ts";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { fencedUrlPreviews } from "./fenced-url-previews.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-fenced-url-previews", () => {
  const fenced = (...url_preview_ip_range_blacklist: readonly string[]) =>
    homeserver({ url_preview_enabled: true, url_preview_ip_range_blacklist });

  itJudges(fencedUrlPreviews, {
    passes: {
      "no previews": homeserver({ url_preview_enabled: false }),
      "Synapse's own default": homeserver(),
      "previews of public pages": fenced(...nonPublicRanges),
      "previews of nothing": fenced("0.0.0.0/0", "::/0"),
    },
    fails: {
      "previews of everything": [homeserver({ url_preview_enabled: true }), "is true, and 0.0.0.0/8, 10.0.0.0/8, "],
      "a hole in the fence": [
        fenced("::/0", "0.0.0.0/1", "128.0.0.0/3", "172.16.0.0/12"),
        "and 169.254.0.0/16, 192.168.0.0/16 are not blocked",
      ],
      "a fence around half a network": [fenced("::/0", "0.0.0.0/1", "128.0.0.0/2", "192.168.0.0/17"), "192.168.0.0/16"],
      "a fence for IPv4 alone": [fenced("0.0.0.0/0"), "and ::1/128, fc00::/7, fe80::/10 are not blocked"],
      "a fence of what is no range": [fenced("0.0.0.0/0", "localhost", "::/x"), "::1/128"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
