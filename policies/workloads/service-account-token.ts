import { z } from "zod";
import { podsOf } from "../pack/pods.ts";
import { nameOf, ofKind, type Resource } from "../pack/resource.ts";
import { each, stackRule, withSettings } from "../pack/rule.ts";

/** A token of another audience, for example for a vault, is a projected volume, which says itself what it is for. */
export const serviceAccountToken = withSettings(
  z.strictObject({
    allowed: z
      .array(z.string().regex(/^[^/]+\/[^/]+$/, "must be namespace/serviceaccount"))
      .default([])
      .describe(
        "Service accounts that use the API though nothing in the stack binds them, as namespace/serviceaccount.",
      ),
  }),
  ({ allowed }) =>
    stackRule({
      id: "workloads-service-account-token",
      title: "Only pods whose service account is bound to a role have a token of the Kubernetes API",
      why: "Whoever breaks into a pod with a token speaks to the API server as its service account. Kubernetes mounts one everywhere unless it is told otherwise.",
      fix: "Set `automountServiceAccountToken: false` in the pod's spec; where the pod uses the API, bind its ServiceAccount to a Role.",
      severity: "medium",
      controls: { cis: ["5.1.6"], nsa: ["pods/tokens"], iso: ["A.8.3"] },
      appliesTo: (stack) => stack.some((resource) => podsOf(resource) !== undefined),
      check(stack, report) {
        each(stack, (resource) => {
          const pods = podsOf(resource);
          if (pods === undefined) return;
          const account = `${pods.namespace}/${pods.spec.serviceAccountName ?? "default"}`;
          const mounted = pods.spec.automountServiceAccountToken ?? mountedByAccount(stack, account);
          if (!mounted || allowed.includes(account) || isBound(stack, account)) return;
          report(`the pod has a token of service account "${account}", to which no role is bound`, resource);
        });
      },
    }),
);

function mountedByAccount(stack: readonly Resource[], account: string): boolean {
  const found = ofKind(stack, "ServiceAccount").find((each) => nameOf(each) === account);
  return found?.props.automountServiceAccountToken ?? true;
}

function isBound(stack: readonly Resource[], account: string): boolean {
  const bindings = [...ofKind(stack, "RoleBinding"), ...ofKind(stack, "ClusterRoleBinding")];
  return bindings.some(({ props }) =>
    props.subjects?.some(
      ({ kind, name, namespace = props.metadata?.namespace }) =>
        kind === "ServiceAccount" && `${namespace}/${name}` === account,
    ),
  );
}
