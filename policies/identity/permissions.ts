/** What roles allow, looked at as the API server's authorizer does. */
import type { PolicyRule } from "../pack/kubernetes.ts";
import { isKind, type KubernetesResource, type Resource } from "../pack/resource.ts";
import { type About, each, type ResourceRule, subjectRule } from "../pack/rule.ts";

/** A role, whatever it holds for. */
export type Role = KubernetesResource<"Role"> | KubernetesResource<"ClusterRole">;

export function roleOf(resource: Resource): Role | undefined {
  return clusterRoleOf(resource) ?? (isKind(resource, "Role") ? resource : undefined);
}

/** A role that may hold for all namespaces, and for what lies in none. */
export function clusterRoleOf(resource: Resource): KubernetesResource<"ClusterRole"> | undefined {
  return isKind(resource, "ClusterRole") ? resource : undefined;
}

export interface Permission {
  /** API group; empty for the core. */
  readonly group: string;
  /** Resources, with what comes under them after a slash, for example `pods/exec`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Whether it may be given for objects by name. @default false */
  readonly unlessNamed?: boolean;
}

/** A rule about roles that allow what few subjects need. */
export function permissionRule({
  roles,
  permissions,
  ...about
}: About & {
  /** Which roles can allow it. */
  readonly roles: (resource: Resource) => Role | undefined;
  readonly permissions: readonly Permission[];
}): ResourceRule {
  return subjectRule(roles, {
    ...about,
    check(role, report) {
      eachRule(role, (rule, where) => {
        for (const permission of permissions) {
          const found = allowed(rule, permission);
          if (found !== undefined) report(`${where} allows to ${found}`);
        }
      });
    },
  });
}

/** Looks at each rule of a role; `where` is for messages. */
export function eachRule({ props: { rules = [] } }: Role, judge: (rule: PolicyRule, where: string) => void): void {
  each([...rules.keys()], (index) => {
    const rule = rules[index];
    if (rule !== undefined) judge(rule, `rules[${index}]`);
  });
}

/** In words, what of the permission the rule allows; nothing where it allows nothing of it. */
function allowed(rule: PolicyRule, { group, resources, verbs, unlessNamed = false }: Permission): string | undefined {
  const { apiGroups = [], resources: ruled = [], verbs: given = [], resourceNames = [] } = rule;
  if (unlessNamed && resourceNames.length > 0) return undefined;
  if (!apiGroups.includes(group) && !apiGroups.includes("*")) return undefined;
  const on = resources.filter((resource) => ruled.some((pattern) => matches(pattern, resource)));
  const may = given.includes("*") ? verbs : verbs.filter((verb) => given.includes(verb));
  return on.length > 0 && may.length > 0 ? `${may.join(", ")} ${on.join(", ")}` : undefined;
}

/** A star stands for everything, a star before a slash for whatever has that part. */
function matches(pattern: string, resource: string): boolean {
  const [, under] = resource.split("/");
  return pattern === "*" || pattern === resource || (under !== undefined && pattern === `*/${under}`);
}
