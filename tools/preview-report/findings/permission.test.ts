import { describe, expect, it } from "@jest/globals";
import { create, found, update, workload } from "../testing.ts";

const role = "rbac.authorization.k8s.io/v1:Role";
const binding = "rbac.authorization.k8s.io/v1:RoleBinding";
const granting = (resources: readonly string[], verbs: readonly string[], more: object = {}) => ({
  rules: [{ apiGroups: [""], resources, verbs, ...more }],
});

describe("a role", () => {
  const pods = granting(["pods"], ["get"]);

  it.each<readonly [string, readonly string[], readonly string[], string]>([
    ["reads secrets", ["secrets"], ["get", "list"], "`get, list secrets`"],
    ["does everything", ["*"], ["*"], "`* *`"],
    ["runs commands in pods", ["pods/exec"], ["create"], "`create pods/exec`"],
    ["gives itself more", ["roles"], ["escalate"], "`escalate roles`"],
    ["makes tokens", ["serviceaccounts/token"], ["create"], "`create serviceaccounts/token`"],
  ])("that %s from now on is a danger", (_what, resources, verbs, told) => {
    expect(found("permission", update(role, "web", pods, granting(resources, verbs)))).toEqual([
      `danger web grants ${told}`,
    ]);
    expect(found("permission", create(role, "web", granting(resources, verbs)))).toEqual([`review web grants ${told}`]);
  });

  it("that grants something else is to look at, or good to know where it is new", () => {
    expect(found("permission", update(role, "web", pods, granting(["pods", "services"], ["get"])))).toEqual([
      "review web grants `get services`",
    ]);
    expect(found("permission", create(role, "web", pods))).toEqual(["note web grants `get pods`"]);
  });

  it("that grants no more than before says nothing, however it is written", () => {
    expect(found("permission", update(role, "web", granting(["*"], ["*"]), pods))).toEqual([]);
    expect(
      found(
        "permission",
        update(role, "web", granting(["pods", "nodes"], ["get"]), {
          rules: [...granting(["nodes"], ["get"]).rules, ...pods.rules],
        }),
      ),
    ).toEqual([]);
  });

  it("is broader without the names that it was limited to", () => {
    const limited = granting(["secrets"], ["get"], { resourceNames: ["web"] });
    expect(found("permission", update(role, "web", limited, granting(["secrets"], ["get"])))).toHaveLength(1);
    expect(found("permission", update(role, "web", granting(["secrets"], ["get"]), limited))).toEqual([]);
  });

  it("whose rules are not known yet says so", () => {
    expect(found("permission", update(role, "web", pods, { rules: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }))).toEqual([
      "review web grants something that is known only at `up`",
    ]);
  });
});

describe("a binding", () => {
  const to = (name: string, ...subjects: readonly string[]) => ({
    roleRef: { name },
    subjects: subjects.map((subject) => ({ kind: "Group", name: subject })),
  });

  it("gives a role to somebody who had it not", () => {
    expect(found("permission", update(binding, "ops", to("view", "ops"), to("view", "ops", "support")))).toEqual([
      "review ops gives the role `view` to `Group support`",
    ]);
    expect(found("permission", update(binding, "ops", to("view", "ops", "support"), to("view", "ops")))).toEqual([]);
  });

  it("is a danger where it gives everything, or gives to everybody", () => {
    expect(found("permission", create(binding, "ops", to("cluster-admin", "ops")))[0]).toMatch(/^danger/);
    expect(found("permission", create(binding, "ops", to("view", "system:authenticated")))[0]).toMatch(/^danger/);
  });
});

describe("a pod", () => {
  const change = (fields: Parameters<typeof workload>[1]) =>
    found("permission", update("apps/v1:Deployment", "web", workload("web"), workload("web", fields)));
  const secure = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };

  it.each<readonly [string, Parameters<typeof workload>[1], string]>([
    ["is privileged", { container: { securityContext: { ...secure, privileged: true } } }, "`web: privileged`"],
    ["shares the node's network", { pod: { hostNetwork: true } }, "`hostNetwork`"],
    ["mounts the node's files", { pod: { volumes: [{ name: "n", hostPath: { path: "/etc" } }] } }, "`hostPath /etc`"],
    [
      "gets a dangerous capability",
      { container: { securityContext: { ...secure, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } } } },
      "`web: capability SYS_ADMIN`",
    ],
  ])("that %s from now on is a danger", (_what, fields, told) => {
    expect(change(fields)).toEqual([`danger web may do to its node what it pleases: ${told}`]);
  });

  it("that gives up a restriction is to look at, each by its container", () => {
    expect(change({ container: { securityContext: {} } })).toEqual([
      "review web is less restricted: `web: keeps capabilities`, `web: allowPrivilegeEscalation`, `web: may run as root`, `web: writable root file system` and `web: no seccomp profile`",
    ]);
  });

  it("may inherit its restrictions from the pod", () => {
    const { runAsNonRoot, seccompProfile, ...rest } = secure;
    expect(
      change({ pod: { securityContext: { runAsNonRoot, seccompProfile } }, container: { securityContext: rest } }),
    ).toEqual([]);
  });

  it("whose privilege is not known yet may be privileged", () => {
    expect(
      change({ container: { securityContext: { ...secure, privileged: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } }),
    ).toHaveLength(1);
  });

  it("that acts as somebody else, or gets a token, is to look at", () => {
    expect(change({ pod: { serviceAccountName: "admin" } })).toEqual([
      "review web acts as another service account: `nothing` → `admin`",
    ]);
    const without = workload("web", { pod: { automountServiceAccountToken: false } });
    expect(found("permission", update("apps/v1:Deployment", "web", without, workload("web")))).toEqual([
      "review web gets a token of the Kubernetes API",
    ]);
  });
});

describe("a namespace", () => {
  const admitting = (enforce: string) => ({ metadata: { labels: { "pod-security.kubernetes.io/enforce": enforce } } });

  it("that admits pods with fewer restrictions is a danger", () => {
    expect(
      found("permission", update("core/v1:Namespace", "ops", admitting("restricted"), admitting("baseline"))),
    ).toEqual(["danger ops admits pods with fewer restrictions: Pod Security `restricted` → `baseline`"]);
    expect(found("permission", update("core/v1:Namespace", "ops", admitting("restricted"), {}))[0]).toContain(
      "→ `privileged`",
    );
    expect(
      found("permission", update("core/v1:Namespace", "ops", admitting("baseline"), admitting("restricted"))),
    ).toEqual([]);
  });
});

describe("a PostgreSQL cluster", () => {
  const cluster = "postgresql.cnpg.io/v1:Cluster";

  it("that lets its superuser in is a danger, and privileges of roles are to look at", () => {
    const roles = (role: object) => ({ spec: { managed: { roles: [{ name: "synapse", ...role }] } } });
    expect(found("permission", update(cluster, "pg", {}, { spec: { enableSuperuserAccess: true } }))).toEqual([
      "danger pg lets its superuser sign in over the network",
    ]);
    expect(found("permission", update(cluster, "pg", roles({}), roles({ createdb: true })))).toEqual([
      "review pg gives database roles more: `synapse: createdb`",
    ]);
  });
});
