import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noPlainListener } from "./no-plain-listener.ts";
import { file, haproxy, nginx, others, synapse } from "./testing.ts";

const servers = ["backend web", "mode http", "server web 10.0.0.1:443"];
const users = (...lines: readonly string[]) => haproxy("frontend users", ...lines, "default_backend web", ...servers);
const client = [{ names: ["client"] }];

describe("tls-no-plain-listener", () => {
  describe("of HAProxy", () => {
    itJudges(noPlainListener, {
      passes: {
        "a listener with TLS": users("mode http", "bind :443 ssl crt /tls.pem"),
        "a redirect": haproxy("frontend redirect", "mode http", "bind :80", "http-request redirect scheme https"),
        "a health check that leads nowhere": haproxy(
          "frontend health",
          "bind :8080",
          "http-request return status 200 if { path /healthz }",
          "default_backend nothing",
          "backend nothing",
          "http-request return status 404",
        ),
        "a listener within the pod": users("bind 127.0.0.1:80", "bind ipv6@[::1]:80", "bind unix@/run/web.sock"),
        "TLS that is passed on as it is": users(
          "mode tcp",
          "bind :443",
          "tcp-request content accept if { req.ssl_hello_type 1 }",
        ),
      },
      fails: {
        "a plain listener": [users("bind :80"), 'haproxy.cfg: frontend "users" on :80 is served in plain text'],
        "one of several": [users("bind :443 ssl crt /tls.pem", "bind :::80 v6only"), "on :::80"],
        "one of several addresses": [users("bind 127.0.0.1:80,10.0.0.1:80"), "on 127.0.0.1:80,10.0.0.1:80"],
        metrics: [
          haproxy(
            "frontend metrics",
            "bind :8404",
            "http-request use-service prometheus-exporter if { path /metrics }",
          ),
          'frontend "metrics" on :8404',
        ],
        "the page of statistics": [haproxy("listen admin", "bind :9000", "stats enable"), 'listen "admin" on :9000'],
        "a backend that an expression chooses": [
          haproxy("frontend users", "bind :80", "use_backend %[req.hdr(host)]"),
          "on :80",
        ],
      },
      ignores: others,
      undecided: { "a file that is not known": withUnknown(users("bind :80"), ["data", "haproxy.cfg"]) },
    });
  });

  describe("of nginx", () => {
    itJudges(noPlainListener, {
      passes: {
        "a listener with TLS": nginx("listen 443 ssl; listen 443 quic; root /app;"),
        "a redirect": nginx("listen 80; return 301 https://$host$request_uri;"),
        "a health check": nginx("listen 8080; location = /healthz { return 200; }"),
        "a listener within the pod": nginx("listen 127.0.0.1:80; listen unix:/run/web.sock; root /app;"),
        "TLS that is passed on as it is": file(
          "nginx.conf",
          "stream { server { listen 443; ssl_preread on; proxy_pass web:443; } }",
        ),
      },
      fails: {
        "a plain listener": [nginx("listen 80; root /app;"), "nginx.conf: server on 80 is served in plain text"],
        "a server that does not say where it listens": [nginx("root /app;"), "server on 80"],
        "one of several": [nginx("listen 443 ssl; listen [::]:80; root /app;"), "server on [::]:80"],
        "locations of which some serve": [
          nginx("listen 80; location = /healthz { return 200; } location / { proxy_pass http://web; }"),
          "server on 80",
        ],
        "bytes that are passed on": [
          file("nginx.conf", "stream { server { listen 5432; proxy_pass db:5432; } }"),
          "server on 5432",
        ],
      },
      ignores: {},
    });
  });

  describe("of Synapse", () => {
    itJudges(noPlainListener, {
      passes: {
        "listeners with TLS": synapse({ type: "http", port: 8448, tls: true, resources: client }),
        "a listener within the pod": synapse({ port: 8008, bind_addresses: ["127.0.0.1", "::1"], resources: client }),
        "a Unix socket": synapse({ path: "/run/synapse.sock", type: "http", resources: client }),
        "a health check": synapse({ port: 8080, resources: [{ names: ["health"] }] }),
      },
      fails: {
        "a listener without a word about TLS": [
          synapse({ port: 8008, type: "http", resources: client }),
          "Synapse's listener on port 8008 is served in plain text",
        ],
        "a listener whose TLS is off": [synapse({ port: 8008, tls: false, bind_address: "0.0.0.0" }), "port 8008"],
        "a kind of listener that knows no TLS": [synapse({ port: 9000, type: "metrics", tls: true }), "port 9000"],
      },
      ignores: {},
    });
  });

  describe("of an Ingress", () => {
    itJudges(noPlainListener, {
      passes: { "one with TLS": object("Ingress", { spec: { tls: [{ hosts: ["chat.example.org"] }] } }) },
      fails: { "one without": [object("Ingress", { spec: {} }), "the Ingress is served in plain text"] },
      ignores: {},
    });
  });
});
