import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { minimumVersion } from "./minimum-version.ts";
import { haproxy, nginx, others, synapse } from "./testing.ts";

const frontend = (options: string, ...global: readonly string[]) =>
  haproxy("global", ...global, "frontend users", `bind :443 ssl crt /tls.pem ${options}`);
const backend = (options: string, ...global: readonly string[]) =>
  haproxy("global", ...global, "backend web", `server web 10.0.0.1:443 ssl verify required ${options}`);
const postgres = (version?: string) =>
  object("Cluster", {
    metadata: { name: "pg" },
    spec: { postgresql: { parameters: version === undefined ? {} : { ssl_min_protocol_version: version } } },
  });

describe("tls-minimum-version", () => {
  itJudges(minimumVersion, {
    passes: {
      "a version for all of HAProxy's listeners": frontend("", "ssl-default-bind-options ssl-min-ver TLSv1.2"),
      "a version of a listener's own": frontend("ssl-min-ver TLSv1.3", "ssl-default-bind-options ssl-min-ver TLSv1.0"),
      "old versions that are taken away": frontend("no-sslv3 no-tlsv10 no-tlsv11"),
      "one version alone": frontend("force-tlsv12"),
      "a version for all of HAProxy's servers": backend("", "ssl-default-server-options ssl-min-ver TLSv1.2"),
      "nginx's versions": nginx("listen 443 ssl;", "ssl_protocols TLSv1.2 TLSv1.3;"),
      "PostgreSQL's version": postgres("TLSv1.2"),
      "the operator's own choice for PostgreSQL": postgres(),
    },
    fails: {
      "HAProxy without a word": [
        frontend(""),
        'haproxy.cfg: frontend "users" on :443 does not say which version of TLS is the oldest',
      ],
      "an old version for all of HAProxy": [
        frontend("", "ssl-default-bind-options ssl-min-ver TLSv1.0 no-tls-tickets"),
        "on :443 speaks TLSv1.0, which is before 1.2",
      ],
      "an old version of a listener's own": [
        frontend("ssl-min-ver TLSv1.1", "ssl-default-bind-options ssl-min-ver TLSv1.2"),
        "speaks TLSv1.1",
      ],
      "old versions of which one is left": [frontend("no-sslv3 no-tlsv10"), "speaks TLSv1.1"],
      "one old version alone": [frontend("force-tlsv10"), "speaks TLSv1.0"],
      "an old version for a server": [backend("ssl-min-ver TLSv1.1"), 'server "web" of backend "web" speaks TLSv1.1'],
      "a server without a word": [backend("", "ssl-default-bind-options ssl-min-ver TLSv1.2"), "does not say"],
      "nginx without a word": [nginx("listen 443 ssl;"), "nginx.conf: server on 443 does not say"],
      "nginx with an old version": [nginx("listen 443 ssl; ssl_protocols TLSv1.2 TLSv1;"), "speaks TLSv1.0"],
      "PostgreSQL with an old version": [postgres("TLSv1"), "PostgreSQL speaks TLSv1.0"],
    },
    ignores: {
      ...others,
      "what is plain": nginx("listen 80;"),
      "Synapse, which leaves no choice": synapse({ port: 8448, tls: true }),
    },
    undecided: {
      "a version that is not known": withUnknown(
        postgres("TLSv1.2"),
        "spec.postgresql.parameters.ssl_min_protocol_version",
      ),
    },
  });

  describe("that is 1.3", () => {
    itJudges(minimumVersion, {
      settings: { minimum: "1.3" },
      passes: { "that version": postgres("TLSv1.3") },
      fails: { "the one before": [postgres("TLSv1.2"), "speaks TLSv1.2, which is before 1.3"] },
      ignores: {},
    });
  });
});
