import { z } from "zod";

const exportedState = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), inputs: z.record(z.string(), z.unknown()).optional() })).nullish(),
  }),
});

const namespaceInputs = z.object({ metadata: z.object({ name: z.string() }) });

/** Names of the namespaces that a stack has made, from what `pulumi stack export` prints. */
export function namespacesIn(exported: unknown): string[] {
  const resources = exportedState.parse(exported).deployment.resources ?? [];
  return resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .flatMap(({ inputs }) => namespaceInputs.safeParse(inputs).data?.metadata.name ?? []);
}
