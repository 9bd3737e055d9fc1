import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { hsts } from "./hsts.ts";
import { haproxy, others } from "./testing.ts";

const web = ["backend web", "server web web:443"];
const frontend = (...lines: readonly string[]) =>
  haproxy("defaults", "mode http", "frontend users", "bind :443 ssl crt /a", ...lines, "default_backend web", ...web);
const header = 'http-after-response set-header Strict-Transport-Security "max-age=31536000; includeSubDomains"';

describe("tls-hsts", () => {
  itJudges(hsts, {
    passes: {
      "a header of every answer": frontend(header),
      "a header of every answer over TLS": frontend(`${header} if { ssl_fc }`),
      "a header for all frontends": haproxy(
        "defaults",
        "mode http",
        header,
        "frontend users",
        "bind :443 ssl crt /a",
        "default_backend web",
        ...web,
      ),
    },
    fails: {
      "no header": [
        frontend(),
        'haproxy.cfg: frontend "users" does not send Strict-Transport-Security with every answer',
      ],
      "a header of some answers": [frontend(`${header} if { path / }`), "does not send"],
      "a short time": [
        frontend("http-response add-header strict-transport-security max-age=86400"),
        "has browsers remember it for 1 days",
      ],
      "a header that takes it back": [
        frontend("http-response set-header Strict-Transport-Security max-age=0"),
        "for 0 days",
      ],
    },
    ignores: {
      ...others,
      "what is no HTTP": haproxy("frontend a", "mode tcp", "bind :1 ssl crt /a", "default_backend web", ...web),
      "what is plain": haproxy("frontend a", "mode http", "bind :1", "default_backend web", ...web),
      "what leads to no servers": haproxy("frontend metrics", "mode http", "bind :1 ssl crt /a"),
    },
    undecided: { "a file that is not known": withUnknown(frontend(header), ["data", "haproxy.cfg"]) },
  });

  describe("for a week", () => {
    itJudges(hsts, {
      settings: { minimumDays: 7 },
      passes: { "a week": frontend("http-response set-header Strict-Transport-Security max-age=604800") },
      fails: {
        "a day less": [frontend("http-response set-header Strict-Transport-Security max-age=518400"), "6 days"],
      },
      ignores: {},
    });
  });
});
