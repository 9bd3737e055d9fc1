import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../../tests/registered.ts";
import { registeredResources } from "../../tests/registered.ts";
import { CertificateAuthority, Endpoint, Zone } from "../network/index.ts";
import type { EdgeArgs } from "./index.ts";
import { Edge } from "./index.ts";

interface Inputs {
  readonly metadata?: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
  readonly data?: Record<string, string>;
  readonly stringData?: unknown;
  readonly spec?: { readonly template?: { readonly metadata?: { readonly annotations?: Record<string, string> } } };
  readonly dnsNames?: readonly string[];
}

/** How Pulumi marks a secret value on the wire. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const registered = registeredResources<Inputs>((type) =>
  type.startsWith("kubernetes:")
    ? { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } }
    : { certPem: "certificate", certRequestPem: "request", privateKeyPem: "key" },
);

const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };

function create(change: Partial<EdgeArgs> = {}): Edge {
  const zone = new Zone("roost", { namespace: "roost", dns });
  const authority = new CertificateAuthority("ca");
  const synapse = new Endpoint("synapse", { server: zone.peer("synapse"), port: 8448, authority });
  const shared = { denied: [], signIn: [], maxBodyMiB: 1, documents: {} };
  return new Edge("edge", {
    zone,
    dns,
    authority,
    image: "haproxy@sha256:0",
    sites: [
      { ...shared, host: "matrix.example.org", backends: [{ endpoint: synapse, paths: ["/_matrix"] }] },
      { ...shared, host: "chat.example.org", backends: [{ endpoint: synapse, paths: ["/"] }] },
    ],
    exposure: { kind: "nodePort", port: 443 },
    replicas: 1,
    cpus: 0.5,
    memoryMiB: 256,
    maxConnections: 100,
    signInsPerMinute: 10,
    ...change,
  });
}

async function all(kind: string): Promise<readonly Registered<Inputs>[]> {
  await pulumi.runtime.disconnect();
  return registered.filter(({ type }) => type.endsWith(`:${kind}`));
}

async function names(kind: string): Promise<string[]> {
  const objects = (await all(kind)).map(({ inputs }) => inputs.metadata);
  return objects.map((metadata) => [metadata?.namespace, metadata?.name].filter(Boolean).join("/")).sort();
}

describe("the edge", () => {
  it("lets the users in, reaches the services once each, and opens nothing else", async () => {
    create();
    expect(await names("NetworkPolicy")).toEqual([
      "roost/allow-dns",
      "roost/default-deny",
      "roost/edge-from-users-8443",
      "roost/edge-to-synapse-8448",
      "roost/synapse-from-edge-8448",
    ]);
  });

  it("is reached by one Service, its metrics by another, and from inside by one of its own", async () => {
    create();
    expect(await names("Service")).toEqual(["roost/edge", "roost/edge-inside", "roost/edge-metrics", "roost/synapse"]);
  });

  it("has a certificate for all host names", async () => {
    create();
    const request = (await all("CertRequest")).find(({ name }) => name === "edge-certificate-request");
    expect(request?.inputs.dnsNames).toEqual(["matrix.example.org", "chat.example.org"]);
  });

  it("uses the operator's certificate instead, and keeps its key secret", async () => {
    create({ certificate: { kind: "provided", certificatePem: "theirs", keyPem: "their key" } });
    const secret = (await all("Secret")).find(({ inputs }) => inputs.metadata?.name === "edge-certificate");
    expect(secret?.inputs.stringData).toEqual({
      [SECRET_SIGNATURE]: SECRET,
      value: { "tls.crt": "theirs", "tls.key": "their key" },
    });
    expect((await all("CertRequest")).map(({ name }) => name)).toEqual(["edge-metrics-request"]);
  });

  it("does not restart for another configuration: it reloads", async () => {
    create();
    const [deployment] = await all("Deployment");
    expect(deployment?.inputs.spec?.template?.metadata?.annotations).toBeUndefined();
    const [config] = (await all("ConfigMap")).filter(({ inputs }) => inputs.metadata?.name === "edge");
    expect(config?.inputs.data?.["haproxy.cfg"]).toContain("ca-file /ca/roost-ca/ca.crt verifyhost synapse.roost.svc");
  });

  it("tells the load balancer's address", async () => {
    const { address } = create({ exposure: { kind: "loadBalancer" } });
    expect(await new Promise((resolve) => address.apply(resolve))).toBe("192.0.2.7");
    await pulumi.runtime.disconnect();
  });

  it("lives apart where it takes a port of the host, which Pod Security forbids to all others", async () => {
    create({ exposure: { kind: "hostPort", port: 443 } });
    const zones = (await all("Namespace")).map(({ inputs }) => [
      inputs.metadata?.name,
      inputs.metadata?.labels?.["pod-security.kubernetes.io/enforce"],
    ]);
    expect(zones.sort()).toEqual([
      ["roost", "restricted"],
      ["roost-edge", "privileged"],
    ]);
    expect(await names("Deployment")).toEqual(["roost-edge/edge"]);
    expect(await names("NetworkPolicy")).toEqual(
      expect.arrayContaining(["roost-edge/edge-to-synapse-8448", "roost/synapse-from-edge-8448"]),
    );
  });

  it("refuses a service that does not speak TLS", () => {
    const zone = new Zone("plain", { namespace: "plain", dns });
    const endpoint = new Endpoint("web", { server: zone.peer("web"), port: 8080 });
    const site = { host: "a.example", backends: [{ endpoint, paths: ["/"] }], denied: [], signIn: [] };
    expect(() => create({ sites: [{ ...site, maxBodyMiB: 1, documents: {} }] })).toThrow(
      /Site a\.example: web\.plain\.svc does not speak TLS; give its endpoint an authority/,
    );
  });
});
