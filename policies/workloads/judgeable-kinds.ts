import { groupAndKind, groups, type Resource } from "../pack/resource.ts";
import { subjectRule } from "../pack/rule.ts";

/**
 * Charts, Kustomize folders and YAML files are not among them: Pulumi registers each of their objects, and each is judged.
 */
export const judgeableKinds = subjectRule(kubernetesOf, {
  id: "workloads-judgeable-kinds",
  title: "Every Kubernetes object is one that the policies can look into",
  why: "A Helm release, a list or a patch brings objects, or changes them, that no policy sees. Whatever they contain would count as met.",
  fix: "Declare each object as a typed resource of its own.",
  severity: "high",
  controls: { iso: ["A.5.36", "A.8.9"] },
  check(token, report) {
    const reason = whyHidden(token);
    if (reason !== undefined) report(`${token.kind} of ${token.group} ${reason}`);
  },
});

type Token = NonNullable<ReturnType<typeof groupAndKind>>;

function kubernetesOf({ type }: Resource): Token | undefined {
  return groupAndKind(type);
}

function whyHidden({ group, kind }: Token): string | undefined {
  if (group === "helm.sh" && kind === "Release") return "installs a chart whose objects are not resources of the stack";
  if (group === "core" && kind === "ReplicationController") return "makes pods that are not judged; use a Deployment";
  for (const [suffix, reason] of [
    ["List", "holds many objects in one resource"],
    ["Patch", "changes an object of which only a part is told"],
  ] as const) {
    const judged = Object.entries(groups).some(
      ([known, inGroups]) => kind === `${known}${suffix}` && inGroups.includes(group),
    );
    if (judged) return reason;
  }
  return undefined;
}
