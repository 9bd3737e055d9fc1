/** Pure: from what somebody may do to Kafka's own rules. */
import type { Acl } from "@platformatic/kafka";
import { AclOperations, AclPermissionTypes, ResourcePatternTypes, ResourceTypes } from "@platformatic/kafka";
import type { Grant, UserSpecification } from "./specification.ts";

/** All rules of the users, each once. */
export function aclsOf(users: Readonly<Record<string, UserSpecification>>): readonly Acl[] {
  const acls = Object.entries(users).flatMap(([user, { grants }]) =>
    grants.flatMap((grant) => aclsOfGrant(user, grant)),
  );
  return [...new Map(acls.map((acl) => [keyOf(acl), acl])).values()];
}

/** Who reads has groups of consumers with its own name, or one that begins with it and a dot. Both rights include `Describe`. */
function aclsOfGrant(user: string, { topic, access }: Grant): readonly Acl[] {
  const { LITERAL, PREFIXED } = ResourcePatternTypes;
  const { TOPIC, GROUP } = ResourceTypes;
  if (access === "write") return [allow(user, AclOperations.WRITE, TOPIC, topic, LITERAL)];
  return [
    allow(user, AclOperations.READ, TOPIC, topic, LITERAL),
    allow(user, AclOperations.READ, GROUP, user, LITERAL),
    allow(user, AclOperations.READ, GROUP, `${user}.`, PREFIXED),
  ];
}

function allow(
  user: string,
  operation: Acl["operation"],
  resourceType: Acl["resourceType"],
  resourceName: string,
  resourcePatternType: Acl["resourcePatternType"],
): Acl {
  const permissionType = AclPermissionTypes.ALLOW;
  return {
    principal: `User:${user}`,
    host: "*",
    operation,
    permissionType,
    resourceType,
    resourceName,
    resourcePatternType,
  };
}

export function keyOf({
  principal,
  host,
  operation,
  permissionType,
  resourceType,
  resourceName,
  resourcePatternType,
}: Acl) {
  return [principal, host, operation, permissionType, resourceType, resourcePatternType, resourceName].join(" ");
}

/** In words, as the log of changes has it. */
export function describeAcl({
  principal,
  operation,
  permissionType,
  resourceType,
  resourceName,
  resourcePatternType,
}: Acl) {
  const name = <T extends number>(names: Readonly<Record<string, T>>, value: T) =>
    Object.entries(names).find(([, each]) => each === value)?.[0] ?? String(value);
  const pattern = resourcePatternType === ResourcePatternTypes.PREFIXED ? `${resourceName}*` : resourceName;
  return `${principal}: ${name(AclPermissionTypes, permissionType)} ${name(AclOperations, operation)} ${name(ResourceTypes, resourceType)} ${pattern}`;
}
