/** What of a stack holds what cannot be made again. */
import { z } from "zod";
import { groupAndKind, isKind, namespaceOf, type ObjectResource, ofKind, type Resource } from "../pack/resource.ts";

/** What would be lost with a resource, or nothing where it can be made again. */
export function lossOf(resource: Resource, stack: readonly Resource[]): string | undefined {
  const loss = storeLoss(resource) ?? certificateLoss(resource, stack);
  if (loss !== undefined) return loss;
  // Namespaces and definitions of kinds take along whatever is in them, protected or not.
  if (isKind(resource, "Namespace")) {
    const { name = resource.name } = resource.props.metadata ?? {};
    return storesOf(stack).some((store) => namespaceOf(store) === name) ? "all that lies in it" : undefined;
  }
  return isDefinitionOfStores(resource, stack) ? "every object of its kind" : undefined;
}

function storeLoss(resource: Resource): string | undefined {
  if (isKind(resource, "Cluster")) return "every database in it";
  if (isKind(resource, "Database")) return "all that is in it";
  if (isKind(resource, "PersistentVolumeClaim") || isKind(resource, "PersistentVolume")) return "every file on it";
  const claims = isKind(resource, "StatefulSet") ? (resource.props.spec?.volumeClaimTemplates ?? []) : [];
  return claims.length > 0 ? "what its volumes belong to" : undefined;
}

function storesOf(stack: readonly Resource[]): readonly ObjectResource[] {
  const kinds = ["Cluster", "Database", "PersistentVolumeClaim", "StatefulSet"] as const;
  return kinds.flatMap((kind) => ofKind(stack, kind)).filter((resource) => storeLoss(resource) !== undefined);
}

const definition = z.object({ spec: z.object({ group: z.string(), names: z.object({ kind: z.string() }) }) });

function isDefinitionOfStores(resource: Resource, stack: readonly Resource[]): boolean {
  if (groupAndKind(resource.type)?.kind !== "CustomResourceDefinition") return false;
  const defined = definition.safeParse(resource.props).data?.spec;
  return storesOf(stack).some(({ type }) => {
    const { group, kind } = groupAndKind(type) ?? {};
    return group === defined?.group && kind === defined?.names.kind;
  });
}

const authority = z.object({ isCaCertificate: z.literal(true) });
const keyed = z.object({ privateKeyPem: z.string() });

/** Everybody who trusts an authority has its certificate, and would have to get another. */
function certificateLoss(resource: Resource, stack: readonly Resource[]): string | undefined {
  if (isAuthority(resource)) return "the trust of all who know it";
  if (!isOfType(resource, "PrivateKey")) return undefined;
  const authorities = stack.filter(isAuthority);
  if (authorities.length === 0) return undefined;
  const key = keyed.safeParse(resource.props).data?.privateKeyPem;
  const signs = authorities.some(({ props }) => keyed.safeParse(props).data?.privateKeyPem === key);
  return key !== undefined && signs ? "the trust of all who know what it signed" : undefined;
}

function isAuthority(resource: Resource): boolean {
  return isOfType(resource, "SelfSignedCert") && authority.safeParse(resource.props).success;
}

function isOfType({ type }: Resource, name: string): boolean {
  return type.startsWith("tls:") && type.endsWith(`:${name}`);
}
