import { describe, expect, it } from "@jest/globals";
import { create, type Event, found, keep, remove, update, workload } from "../testing.ts";

const kind = "networking.k8s.io/v1:NetworkPolicy";
const web = keep("apps/v1:Deployment", "web", workload("web"));
const pg = keep("apps/v1:StatefulSet", "pg", workload("pg"));
const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });

const deny = { spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } };
const allow = (from: readonly object[] | undefined, ports: readonly object[] = [{ port: 5432 }]) => ({
  spec: { ...pods("pg"), policyTypes: ["Ingress"], ingress: [{ ...(from && { from }), ports }] },
});

const around: readonly Event[] = [web, pg, keep(kind, "deny", deny)];
const fromWeb = allow([pods("web")]);

describe("a network policy that opens", () => {
  it("to everybody is a danger", () => {
    expect(found("exposure", ...around, update(kind, "pg", fromWeb, allow(undefined)))).toEqual([
      "danger pg opens: pods `pg` may be reached by anybody, anywhere on port 5432",
    ]);
    expect(
      found("exposure", ...around, update(kind, "pg", fromWeb, allow([{ ipBlock: { cidr: "0.0.0.0/0" } }])))[0],
    ).toMatch(/^danger/);
    expect(found("exposure", ...around, update(kind, "pg", fromWeb, allow([{ namespaceSelector: {} }])))[0]).toMatch(
      /^danger/,
    );
  });

  it.each<readonly [string, object, string]>([
    ["to other pods", allow([pods("web"), pods("log")]), "pods `pg` may be reached by pods `log` on port 5432"],
    [
      "to more ports",
      allow([pods("web")], [{ port: 5432, endPort: 5440 }]),
      "pods `pg` may be reached by pods `web` on ports 5432 to 5440",
    ],
    [
      "to addresses",
      allow([pods("web"), { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }]),
      "pods `pg` may be reached by `10.0.0.0/8` except `10.1.0.0/16` on port 5432",
    ],
    [
      "in another namespace",
      allow([{ ...pods("web"), namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ops" } } }]),
      "pods `web` of namespace `ops`",
    ],
    [
      "to what is known only later",
      allow([{ ipBlock: { cidr: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } }]),
      "somebody who is known only at `up`",
    ],
  ])("%s is to look at", (_how, after, told) => {
    const [finding] = found("exposure", ...around, update(kind, "pg", fromWeb, { ...after }));
    expect(finding).toMatch(/^review pg opens/);
    expect(finding).toContain(told);
  });

  it("for new pods is no more than good to know", () => {
    const log = create("apps/v1:Deployment", "log", workload("log"));
    const policy = create(kind, "log", {
      spec: { ...pods("log"), policyTypes: ["Ingress"], ingress: [{ from: [pods("web")] }] },
    });
    expect(found("exposure", ...around, log, policy)).toEqual([
      "note log opens: pods `log` may be reached by pods `web` on every port",
    ]);
  });

  it("what another policy allows already opens nothing: moving a rule is no exposure", () => {
    expect(found("exposure", ...around, remove(kind, "old", fromWeb), create(kind, "new", fromWeb))).toEqual([]);
    expect(
      found("exposure", ...around, keep(kind, "broad", allow([{ podSelector: {} }])), create(kind, "narrow", fromWeb)),
    ).toEqual([]);
    const wide = allow([{ ipBlock: { cidr: "10.0.0.0/8" } }]);
    const narrow = allow([{ ipBlock: { cidr: "10.1.2.0/24" } }]);
    expect(found("exposure", ...around, update(kind, "pg", wide, narrow))).toEqual([]);
    expect(found("exposure", ...around, update(kind, "pg", narrow, wide))).toHaveLength(1);
  });
});

describe("a network policy that goes", () => {
  it("leaves pods open to everybody where no other is about them", () => {
    expect(found("exposure", web, pg, remove(kind, "deny", deny))).toEqual([
      "danger deny no policy is about every pod any more: anybody may reach them, they may reach everything",
    ]);
    expect(found("exposure", web, pg, keep(kind, "deny", deny), remove(kind, "pg", fromWeb))).toEqual([]);
  });

  it("leaves them open in the one direction that it no longer is about", () => {
    const ingressOnly = { spec: { podSelector: {}, policyTypes: ["Ingress"] } };
    expect(found("exposure", web, pg, update(kind, "deny", deny, ingressOnly))).toEqual([
      "danger deny no policy is about every pod any more: they may reach everything",
    ]);
  });

  it("with its namespace, or with its pods, opens nothing", () => {
    const gone = remove("apps/v1:StatefulSet", "pg", workload("pg"));
    expect(found("exposure", web, gone, remove(kind, "pg", fromWeb))).toEqual([]);
  });
});

describe("a network policy that closes", () => {
  it("what pods of the stack used is to look at", () => {
    expect(found("outage", ...around, remove(kind, "pg", fromWeb))).toEqual([
      "review pg closes what was open: pods `pg` may be reached by pods `web` on port 5432",
    ]);
  });

  it("what nobody is left to use says nothing", () => {
    const gone = remove("apps/v1:Deployment", "web", workload("web"));
    expect(
      found("outage", gone, pg, keep(kind, "deny", deny), remove(kind, "pg", fromWeb)).filter((each) =>
        each.includes("closes"),
      ),
    ).toEqual([]);
  });

  it("is told when it is the first about its pods", () => {
    expect(found("outage", web, pg, create(kind, "pg", fromWeb))).toEqual([
      "review pg is the first policy about pods `pg`: what it does not allow (`ingress`) stops",
    ]);
  });
});
