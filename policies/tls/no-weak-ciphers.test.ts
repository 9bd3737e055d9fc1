import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noWeakCiphers } from "./no-weak-ciphers.ts";
import { haproxy, nginx, others } from "./testing.ts";

const frontend = (options: string, ...global: readonly string[]) =>
  haproxy("global", ...global, "frontend users", `bind :443 ssl crt /tls.pem ${options}`);
const postgres = (ciphers: string) =>
  object("Cluster", { spec: { postgresql: { parameters: { ssl_ciphers: ciphers } } } });

describe("tls-no-weak-ciphers", () => {
  itJudges(noWeakCiphers, {
    passes: {
      "suites with forward secrecy and authentication": frontend(
        "",
        "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305",
        "ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_SM4_GCM_SM3",
      ),
      "groups of them": nginx("listen 443 ssl; ssl_ciphers ECDHE+AESGCM:EECDH+CHACHA20:!aNULL:-RSA:@STRENGTH;"),
    },
    fails: {
      "suites without forward secrecy": [
        frontend("ciphers AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"),
        /^haproxy.cfg: frontend "users" on :443 offers AES128-GCM-SHA256$/,
      ],
      "suites without authenticated encryption": [
        frontend("", "ssl-default-bind-ciphers ECDHE-RSA-AES128-SHA256:DES-CBC3-SHA"),
        /offers ECDHE-RSA-AES128-SHA256, DES-CBC3-SHA$/,
      ],
      "words that stand for some of them": [
        nginx("listen 443 ssl; ssl_ciphers HIGH:!aNULL:!MD5;"),
        "nginx.conf: server on 443 offers HIGH",
      ],
      "a level that lets in all": [postgres("ECDHE+AESGCM:@SECLEVEL=0"), "PostgreSQL offers @SECLEVEL=0"],
      "suites for servers": [
        haproxy("backend web", "server web 10.0.0.1:443 ssl verify required ciphers RC4-SHA"),
        'server "web" of backend "web" offers RC4-SHA',
      ],
    },
    ignores: { ...others, "what names no suites": nginx("listen 443 ssl;") },
    undecided: {
      "a list that is not known": withUnknown(postgres("ECDHE+AESGCM"), "spec.postgresql.parameters.ssl_ciphers"),
    },
  });
});
