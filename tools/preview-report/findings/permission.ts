/** What may do more than before: roles, bindings, and what pods may do to their node. */
import type { Change } from "../changes.ts";
import { containersOf, type KubernetesObject, objectOf, podTemplateOf } from "../objects.ts";
import { list, type Prose, say } from "../prose.ts";
import { at, entriesOf, hasUnknown, isTree, itemsOf, same, type Tree, textOf, textsOf, type Value } from "../value.ts";
import { valueText } from "../words.ts";
import type { Finding, Level, Rule } from "./finding.ts";

export const permission: Rule = ({ changes }) =>
  changes.flatMap((change) => {
    const { resource } = change;
    const after =
      resource.action === "delete" || resource.action === "forget" ? undefined : objectOf(resource, resource.after);
    if (after === undefined) return [];
    const before = objectOf(resource, resource.before);
    return [
      ...role(change, before, after),
      ...binding(change, before, after),
      ...pods(change, before, after),
      ...namespace(change, before, after),
      ...postgres(change, before, after),
    ];
  });

type Before = KubernetesObject | undefined;

interface Grant {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/** What a Role or ClusterRole grants that it did not. */
function role({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (!/^rbac\.authorization\.k8s\.io\/(Cluster)?Role$/.test(after.kind)) return [];
  if (hasUnknown(at(after.inputs, "rules")))
    return [finding(resource, "review", say`grants something that is known only at ${"up"}`)];
  const known = before ? grantsOf(before) : [];
  const fresh = grantsOf(after)
    .flatMap(single)
    .filter((grant) => !known.some((other) => grants(other, grant)));
  const [dangerous, others] = [fresh.filter(isDangerous), fresh.filter((grant) => !isDangerous(grant))];
  const tell = (level: Level, all: readonly Grant[]) =>
    all.length === 0 ? [] : [finding(resource, level, say`grants ${list(merged(all), 6)}`)];
  return [
    ...tell(before === undefined ? "review" : "danger", dangerous),
    ...tell(before === undefined ? "note" : "review", others),
  ];
}

function grantsOf({ inputs }: KubernetesObject): Grant[] {
  return itemsOf(at(inputs, "rules")).map((rule) => ({
    groups: textsOf(at(rule, "apiGroups")),
    resources: textsOf(at(rule, "resources")),
    names: textsOf(at(rule, "resourceNames")),
    urls: textsOf(at(rule, "nonResourceURLs")),
    verbs: textsOf(at(rule, "verbs")),
  }));
}

/** One grant for each verb and thing, so that each can be compared. */
function single({ groups, resources, names, urls, verbs }: Grant): Grant[] {
  const things: Omit<Grant, "verbs">[] = [
    ...resources.flatMap((resource) =>
      groups.map((group) => ({ groups: [group], resources: [resource], names, urls: [] })),
    ),
    ...urls.map((url) => ({ groups: [], resources: [], names: [], urls: [url] })),
  ];
  return things.flatMap((thing) => verbs.map((verb) => ({ ...thing, verbs: [verb] })));
}

/** Whether all of the narrow grant is in the broad one. */
function grants(broad: Grant, narrow: Grant): boolean {
  const has = (all: readonly string[], some: readonly string[]) =>
    all.includes("*") || some.every((each) => all.includes(each));
  const hasNames = broad.names.length === 0 || (narrow.names.length > 0 && has(broad.names, narrow.names));
  return (
    has(broad.verbs, narrow.verbs) &&
    has(broad.groups, narrow.groups) &&
    has(broad.resources, narrow.resources) &&
    has(broad.urls, narrow.urls) &&
    hasNames
  );
}

/** Ways to more than was granted. Source: "RBAC Good Practices" in the documentation of Kubernetes, "privilege escalation risks". */
function isDangerous({ resources, verbs }: Grant): boolean {
  const [resource = "", verb = ""] = [resources[0], verbs[0]];
  if (resource === "*" || verb === "*") return true;
  if (verb === "escalate" || verb === "bind" || verb === "impersonate") return true;
  if (resource === "secrets") return ["get", "list", "watch"].includes(verb);
  if (/^(pods\/(exec|attach|ephemeralcontainers)|nodes\/proxy|serviceaccounts\/token)$/.test(resource))
    return ["create", "get"].includes(verb);
  return (
    /^(roles|rolebindings|clusterroles|clusterrolebindings|mutatingwebhookconfigurations|validatingwebhookconfigurations)$/.test(
      resource,
    ) && ["create", "update", "patch"].includes(verb)
  );
}

/** `get, list secrets`, for each thing with its verbs. */
function merged(all: readonly Grant[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const {
    resources,
    names,
    urls,
    verbs: [verb = ""],
  } of all) {
    const thing = `${[...resources, ...urls].join(", ")}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;
    verbs.set(thing, [...(verbs.get(thing) ?? []), verb]);
  }
  return [...verbs].map(([thing, all]) => `${[...new Set(all)].join(", ")} ${thing}`);
}

/** Who is given a role that he had not. */
function binding({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (!/^rbac\.authorization\.k8s\.io\/(Cluster)?RoleBinding$/.test(after.kind)) return [];
  const role = textOf(at(after.inputs, "roleRef", "name"));
  const isSameRole = before !== undefined && same(at(before.inputs, "roleRef"), at(after.inputs, "roleRef"));
  const known = isSameRole ? subjectsOf(before) : [];
  const fresh = subjectsOf(after).filter((subject) => !known.includes(subject));
  if (fresh.length === 0) return [];
  const isEverybody = fresh.some((subject) =>
    /system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/.test(subject),
  );
  const isEverything = role === "cluster-admin" || role === "admin" || role === "edit";
  const level = isEverybody || isEverything ? "danger" : before === undefined ? "note" : "review";
  return [finding(resource, level, say`gives the role ${role ?? "that is known only at up"} to ${list(fresh)}`)];
}

function subjectsOf({ inputs }: KubernetesObject): string[] {
  return itemsOf(at(inputs, "subjects")).map((subject) => {
    const [kind, namespace, name] = ["kind", "namespace", "name"].map((key) => at(subject, key));
    return `${valueText(kind)} ${namespace === undefined ? "" : `${valueText(namespace)}/`}${valueText(name)}`;
  });
}

/** What pods may do that they might not: the fields of Kubernetes' Pod Security Standards. */
function pods({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  const template = podTemplateOf(after);
  if (template === undefined) return [];
  const old = before && podTemplateOf(before);
  const known = new Set(old ? liberties(old).map(({ what }) => what) : []);
  const fresh = liberties(template).filter(({ what }) => !known.has(what));
  const dangers = fresh.filter(({ isDanger }) => isDanger).map(({ what }) => what);
  const others = fresh.filter(({ isDanger }) => !isDanger).map(({ what }) => what);
  const account = accountChange(old, template);
  return [
    ...(dangers.length > 0
      ? [finding(resource, "danger", say`may do to its node what it pleases: ${list(dangers)}`)]
      : []),
    ...(others.length > 0 ? [lessRestricted(resource, before, others)] : []),
    ...(account === undefined ? [] : [finding(resource, "review", account)]),
  ];
}

function lessRestricted(resource: Finding["resource"], before: Before, what: readonly string[]): Finding {
  return before === undefined
    ? finding(resource, "note", say`is less restricted than pods can be: ${list(what, 8)}`)
    : finding(resource, "review", say`is less restricted: ${list(what, 8)}`);
}

interface Liberty {
  readonly what: string;
  readonly isDanger: boolean;
}

const DANGEROUS_CAPABILITIES = /^(ALL|SYS_\w+|NET_ADMIN|NET_RAW|DAC_\w+|BPF|PERFMON|MAC_\w+|SETFCAP|MKNOD)$/;

/** Source: the levels "baseline" (danger) and "restricted" of the Pod Security Standards. */
function liberties(template: Tree): Liberty[] {
  const spec = at(template, "spec");
  const found: Liberty[] = [];
  const add = (isDanger: boolean, what: string, applies: boolean) => applies && found.push({ what, isDanger });
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) add(true, key, mayBe(at(spec, key), true));
  for (const volume of itemsOf(at(spec, "volumes"))) {
    const path = at(volume, "hostPath", "path");
    add(true, `hostPath ${valueText(path)}`, path !== undefined);
  }
  for (const container of containersOf(template)) {
    const name = valueText(at(container, "name"));
    const own = at(container, "securityContext");
    const either = (key: string) => at(own, key) ?? at(spec, "securityContext", key);
    add(true, `${name}: privileged`, mayBe(at(own, "privileged"), true));
    for (const capability of itemsOf(at(own, "capabilities", "add"))) {
      const shown = valueText(capability);
      add(DANGEROUS_CAPABILITIES.test(shown) || typeof capability !== "string", `${name}: capability ${shown}`, true);
    }
    add(false, `${name}: keeps capabilities`, !textsOf(at(own, "capabilities", "drop")).includes("ALL"));
    add(false, `${name}: allowPrivilegeEscalation`, at(own, "allowPrivilegeEscalation") !== false);
    add(false, `${name}: may run as root`, either("runAsNonRoot") !== true);
    add(true, `${name}: runAsUser 0`, either("runAsUser") === 0);
    add(false, `${name}: writable root file system`, at(own, "readOnlyRootFilesystem") !== true);
    add(
      false,
      `${name}: no seccomp profile`,
      !["RuntimeDefault", "Localhost"].includes(valueText(at(either("seccompProfile"), "type"))),
    );
  }
  return found;
}

/** A value that is known only later may be anything. */
function mayBe(value: Value | undefined, wanted: Value): boolean {
  return value === wanted || hasUnknown(value);
}

function accountChange(before: Tree | undefined, after: Tree): Prose | undefined {
  if (before === undefined) return undefined;
  const [old, now] = [at(before, "spec", "serviceAccountName"), at(after, "spec", "serviceAccountName")];
  if (!same(old, now)) return say`acts as another service account: ${valueText(old)} → ${valueText(now)}`;
  const token = (template: Tree) => at(template, "spec", "automountServiceAccountToken") !== false;
  return token(after) && !token(before) ? say`gets a token of the Kubernetes API` : undefined;
}

const LEVELS = ["restricted", "baseline", "privileged"];

/** Namespaces that admit pods with fewer restrictions. */
function namespace({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (after.kind !== "core/Namespace" || before === undefined) return [];
  const level = ({ inputs }: KubernetesObject) => {
    const given = at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce");
    return given === undefined ? "privileged" : valueText(given);
  };
  const [old, now] = [level(before), level(after)];
  if (LEVELS.indexOf(now) <= LEVELS.indexOf(old)) return [];
  return [finding(resource, "danger", say`admits pods with fewer restrictions: Pod Security ${old} → ${now}`)];
}

/** Roles inside a database that its operator makes. */
function postgres({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (after.kind !== "postgresql.cnpg.io/Cluster") return [];
  const superuser = (object: Before) => at(object?.inputs, "spec", "enableSuperuserAccess") === true;
  const fresh = privileges(after).filter((each) => !privileges(before).includes(each));
  return [
    ...(superuser(after) && !superuser(before)
      ? [finding(resource, "danger", say`lets its superuser sign in over the network`)]
      : []),
    ...(fresh.length > 0 ? [finding(resource, "review", say`gives database roles more: ${list(fresh)}`)] : []),
  ];
}

function privileges(object: Before): string[] {
  return itemsOf(at(object?.inputs, "spec", "managed", "roles"))
    .filter(isTree)
    .flatMap((role) =>
      entriesOf(role)
        .filter(([key, value]) => /^(superuser|createrole|createdb|replication|bypassrls)$/.test(key) && value === true)
        .map(([key]) => `${valueText(role.name)}: ${key}`),
    );
}

function finding(resource: Finding["resource"], level: Level, text: Prose): Finding {
  return { category: "permission", level, ...(resource && { resource }), text };
}
