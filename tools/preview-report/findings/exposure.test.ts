import { describe, expect, it } from "@jest/globals";
import { create, found, keep, remove, update, workload } from "../testing.ts";

const kind = "core/v1:Service";
const service = (type: string, spec: object = {}) => ({ spec: { type, ports: [{ port: 443 }], ...spec } });

describe("a Service", () => {
  it.each(["LoadBalancer", "NodePort"])("that is opened to the outside is a danger: %s", (type) => {
    expect(found("exposure", update(kind, "db", service("ClusterIP"), service(type)))).toEqual([
      `danger db is reached from outside the cluster: \`${type}\`, port \`443\``,
    ]);
  });

  it("that is new and public is to look at, and one that is inside says nothing", () => {
    expect(found("exposure", create(kind, "edge", service("LoadBalancer")))[0]).toMatch(
      /^review edge is reached from outside/,
    );
    expect(found("exposure", create(kind, "db", service("ClusterIP")))).toEqual([]);
    expect(found("exposure", create(kind, "db", service("ClusterIP", { externalIPs: ["192.0.2.1"] })))[0]).toContain(
      "externalIPs",
    );
  });

  it("that is public already is told by its new ports and ways", () => {
    const more = service("NodePort", { ports: [{ port: 443 }, { port: 8008 }] });
    expect(found("exposure", update(kind, "edge", service("LoadBalancer"), more))).toEqual([
      "review edge serves more ports outside the cluster: `8008`",
      "review edge is reached from outside in another way: `LoadBalancer` → `NodePort`",
    ]);
  });

  it("that lets every address through is a danger, and more addresses are to look at", () => {
    const from = (...loadBalancerSourceRanges: string[]) => service("LoadBalancer", { loadBalancerSourceRanges });
    expect(found("exposure", update(kind, "edge", from("10.0.0.0/8"), service("LoadBalancer")))).toEqual([
      "danger edge lets every address through; it was only `10.0.0.0/8`",
    ]);
    expect(found("exposure", update(kind, "edge", from("10.0.0.0/8"), from("10.0.0.0/8", "0.0.0.0/0")))).toEqual([
      "danger edge lets more addresses through: `0.0.0.0/0`",
    ]);
    expect(found("exposure", update(kind, "edge", from("10.0.0.0/8"), from("10.0.0.0/8", "192.0.2.0/24")))[0]).toMatch(
      /^review/,
    );
  });

  it("whose type is not known yet may be public", () => {
    const later = service("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect(found("exposure", update(kind, "edge", service("ClusterIP"), later))).toEqual([
      "review edge may be reached from outside: its type is known only at `up`",
    ]);
  });
});

describe("an entry", () => {
  const ingress = "networking.k8s.io/v1:Ingress";
  const leading = (host: string, path: string, tls: object[] = [{}]) => ({
    spec: { tls, rules: [{ host, http: { paths: [{ path }] } }] },
  });

  it("is told by its new host names and paths", () => {
    const [before, after] = [leading("chat.example.org", "/"), leading("chat.example.org", "/_synapse/admin")];
    expect(found("exposure", update(ingress, "web", before, after))).toEqual([
      "review web leads in from outside: `chat.example.org/_synapse/admin`",
    ]);
    expect(found("exposure", create("gateway.networking.k8s.io/v1:HTTPRoute", "web"))).toEqual([
      "review web leads in from outside: `*`",
    ]);
  });

  it("that no longer uses TLS is a danger", () => {
    expect(found("exposure", update(ingress, "web", leading("a.example", "/"), leading("a.example", "/", [])))).toEqual(
      ["danger web no longer uses TLS"],
    );
  });
});

describe("a port of a node", () => {
  it("leads past every Service", () => {
    const open = workload("web", { container: { ports: [{ containerPort: 80, hostPort: 80 }] } });
    expect(found("exposure", update("apps/v1:Deployment", "web", workload("web"), open))).toEqual([
      "review web is reached on ports of its node: `80`",
    ]);
  });
});

describe("a secret", () => {
  it("that the program gives in plain text from now on is a danger", () => {
    expect(
      found(
        "exposure",
        update("core/v1:ConfigMap", "web", { data: { greeting: "[secret]" } }, { data: { greeting: "hello" } }),
      ),
    ).toEqual(["danger web no longer keeps `data.greeting` secret: the program gives it in plain text"]);
  });
});

describe("weaker TLS", () => {
  const config = (text: string) => ({ data: { "haproxy.cfg": `global\n  maxconn 100\n  ${text}\n` } });
  const change = (before: string, after: string) =>
    found("exposure", update("core/v1:ConfigMap", "edge", config(before), config(after)));

  it.each<readonly [string, string, string]>([
    [
      "ssl-default-bind-options ssl-min-ver TLSv1.3",
      "ssl-default-bind-options ssl-min-ver TLSv1.2",
      "`ssl-min-ver` `TLSv1.3` → `TLSv1.2`",
    ],
    ["server pg ssl verify required", "server pg ssl verify none", "`verify` `required` → `none`"],
    ["host=pg sslmode=verify-full", "host=pg sslmode=require", "`sslmode` `verify-full` → `require`"],
    ["tlsMinVersion: VersionTLS13", "tlsMinVersion: VersionTLS12", "`tlsMinVersion` `VersionTLS13` → `VersionTLS12`"],
    ["scheme: https", "insecure_skip_verify: true", "`insecure_skip_verify` `nothing` → `true`"],
  ])("is found in configuration files: %s → %s", (before, after, told) => {
    expect(change(before, after)).toEqual([`danger edge weakens TLS in \`data["haproxy.cfg"]\`: ${told}`]);
    expect(change(after, before)).toEqual([]);
  });

  it("is found in settings, in those that come with others too", () => {
    const monitor = (tlsConfig: object) => ({ spec: { endpoints: [{ port: "metrics", ...tlsConfig }] } });
    const after = monitor({ tlsConfig: { insecureSkipVerify: true } });
    expect(found("exposure", update("monitoring.coreos.com/v1:ServiceMonitor", "web", monitor({}), after))).toEqual([
      expect.stringContaining("`insecureSkipVerify` `nothing` → `true`"),
    ]);
  });

  it("is found in keys that are made shorter", () => {
    const type = "tls:index/privateKey:PrivateKey";
    expect(found("exposure", update(type, "web", { ecdsaCurve: "P384" }, { ecdsaCurve: "P256" }))).toEqual([
      "danger web gets a weaker key: `ecdsaCurve` `P384` → `P256`",
    ]);
    expect(found("exposure", update(type, "web", { rsaBits: 2048 }, { rsaBits: 4096 }))).toEqual([]);
  });
});

describe("what goes, or stays inside", () => {
  it("exposes nothing", () => {
    expect(
      found("exposure", remove(kind, "edge", service("LoadBalancer")), keep(kind, "db", service("ClusterIP"))),
    ).toEqual([]);
  });
});
