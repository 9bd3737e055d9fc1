import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { file, haproxy, nginx, others } from "./testing.ts";
import { verifyUpstream } from "./verify-upstream.ts";

const backend = (...lines: readonly string[]) => haproxy("backend web", ...lines);
const verified = "server web web.chat.svc:443 ssl verify required ca-file /ca.crt verifyhost web.chat.svc";

describe("tls-verify-upstream", () => {
  describe("by HAProxy", () => {
    itJudges(verifyUpstream, {
      passes: {
        "a server that is verified": backend(verified),
        "what is verified by default": haproxy(
          "global",
          "ssl-server-verify required",
          "backend web",
          "default-server ssl ca-file /ca.crt",
          "server web web:443 sni str(web)",
          "server-template other 3 web:443 verifyhost web",
        ),
        "a server within the pod": backend("server web 127.0.0.1:8080", "server socket unix@/run/web.sock", verified),
        "servers that get TLS as it is": haproxy(
          "frontend users",
          "mode tcp",
          "bind :443",
          "use_backend web if { req.ssl_sni -i chat.example.org }",
          "backend web",
          "mode tcp",
          "server web web:443",
          "backend other",
          verified,
        ),
      },
      fails: {
        "a plain server": [backend("server web web:80"), 'server "web" of backend "web" is sent to in plain text'],
        "a server whose TLS is taken back": [
          backend("default-server ssl verify required verifyhost web", "server web web:80 no-ssl"),
          "in plain text",
        ],
        "a server that is not verified": [backend("server web web:443 ssl verify none"), "is not verified"],
        "what is not verified by default": [
          haproxy("global", "ssl-server-verify none", "backend web", "server web web:443 ssl"),
          "is not verified",
        ],
        "any certificate of the authority": [
          backend("server web web:443 ssl verify required ca-file /ca.crt"),
          "is verified without its name",
        ],
        "each server": [backend("server a a:80", verified, "server b b:80"), 'server "a"', 'server "b"'],
        "plain servers behind TLS that ends here": [
          haproxy(
            "frontend users",
            "mode tcp",
            "bind :443 ssl crt /a",
            "default_backend web",
            "backend web",
            "server web web:80",
          ),
          "in plain text",
        ],
      },
      ignores: { ...others, "a proxy without servers": haproxy("frontend health", "bind :80") },
      undecided: { "a file that is not known": withUnknown(backend(verified), ["data", "haproxy.cfg"]) },
    });
  });

  describe("by nginx", () => {
    itJudges(verifyUpstream, {
      passes: {
        "a server that is verified": nginx("location / { proxy_pass https://web; }", "proxy_ssl_verify on;"),
        "a stream with TLS": file(
          "nginx.conf",
          "stream { proxy_ssl on; proxy_ssl_verify on; server { listen 1; proxy_pass db:5432; } }",
        ),
      },
      fails: {
        "a plain server": [
          nginx("location / { proxy_pass http://web; }"),
          "nginx.conf: proxy_pass http://web is sent to in plain text",
        ],
        "a group elsewhere": [
          nginx("location / { proxy_pass http://app; }", "upstream app { server localhost; server app; }"),
          "http://app",
        ],
        "a server that is not verified": [
          nginx("location / { proxy_pass https://web; }"),
          "proxy_pass https://web is not verified: `proxy_ssl_verify` is off",
        ],
        "a place where it is taken back": [
          nginx("location / { proxy_ssl_verify off; proxy_pass https://web; }", "proxy_ssl_verify on;"),
          "is not verified",
        ],
        "protocols without TLS": [
          nginx("location / { fastcgi_pass app:9000; } location /a { grpc_pass grpcs://app; }"),
          "grpc_pass grpcs://app is not verified: `grpc_ssl_verify` is off",
          "fastcgi_pass app:9000 is sent to in plain text",
        ],
      },
      ignores: {
        "a server that passes nothing on": nginx("root /app;"),
        "a server within the pod": nginx("location / { proxy_pass http://127.0.0.1:8080; }"),
        "a group within the pod": nginx(
          "location / { proxy_pass http://app/path; }",
          "upstream app { server unix:/run/app.sock; server localhost:8080; }",
        ),
      },
    });
  });
});
