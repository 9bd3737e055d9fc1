/** Brings a cluster to what is declared. Doing it again changes nothing. */
import type { Acl, Admin, ClientQuotaKeyValue } from "@platformatic/kafka";
import {
  AclOperations,
  AclPermissionTypes,
  ClientQuotaEntityTypes,
  ClientQuotaKeys,
  ClientQuotaMatchTypes,
  ConfigResourceTypes,
  ConfigSources,
  IncrementalAlterConfigOperationTypes,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import { aclsOf, describeAcl, keyOf } from "./acls.ts";
import type { KafkaSpecification, Quota } from "./specification.ts";

export interface Told {
  /** Something was changed. */
  changed(change: string): void;
  /** Something is there that nobody declared, and was left alone. */
  found(what: string): void;
}

type Topics = KafkaSpecification["topics"];
interface Existing {
  readonly partitions: number;
  readonly replicas: number;
}

/** @throws Error that says everything that cannot be done; then nothing was changed */
export async function reconcile(admin: Admin, specification: KafkaSpecification, told: Told): Promise<void> {
  const existing = await existingTopics(admin);
  const problems = problemsOf(specification, existing);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  await reconcileTopics(admin, specification, existing, told);
  await reconcileConfiguration(admin, specification.topics, told);
  await reconcileAcls(admin, specification.users, told);
  await reconcileQuotas(admin, specification.users, told);
}

async function existingTopics(admin: Admin): Promise<ReadonlyMap<string, Existing>> {
  const topics = await admin.listTopics();
  if (topics.length === 0) return new Map();
  const metadata = await admin.metadata({ topics, forceUpdate: true });
  return new Map(
    [...metadata.topics].map(([name, { partitions }]) => [
      name,
      { partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0 },
    ]),
  );
}

/** What is declared and cannot be. */
export function problemsOf(
  { topics }: Pick<KafkaSpecification, "topics">,
  existing: ReadonlyMap<string, Existing>,
): readonly string[] {
  return Object.entries(topics).flatMap(([name, { partitions, replicas }]) => {
    const found = existing.get(name);
    if (found === undefined) return [];
    return [
      ...(partitions < found.partitions
        ? [
            `topic ${name}: ${partitions} partitions, but it has ${found.partitions}, and none can be taken away. Set at least ${found.partitions}, or make a topic of another name.`,
          ]
        : []),
      ...(replicas !== found.replicas
        ? [
            `topic ${name}: ${replicas} copies, but it has ${found.replicas}. Kafka moves copies only when told to: kafka-reassign-partitions.`,
          ]
        : []),
    ];
  });
}

async function reconcileTopics(
  admin: Admin,
  { topics, removedTopics }: KafkaSpecification,
  existing: ReadonlyMap<string, Existing>,
  told: Told,
): Promise<void> {
  const { changed, found } = told;
  for (const [topic, { partitions, replicas, configuration }] of Object.entries(topics)) {
    const has = existing.get(topic);
    if (has === undefined) {
      const configs = Object.entries(configuration).map(([name, value]) => ({ name, value }));
      await admin.createTopics({ topics: [topic], partitions, replicas, configs });
      changed(`made topic ${topic} of ${partitions} partitions, ${replicas} copies each`);
    } else if (has.partitions < partitions) {
      await admin.createPartitions({ topics: [{ name: topic, count: partitions }] });
      changed(`topic ${topic} has ${partitions} partitions, not ${has.partitions}`);
    }
  }
  const undeclared = [...existing.keys()].filter((name) => topics[name] === undefined);
  const removed = undeclared.filter((name) => removedTopics.includes(name));
  if (removed.length > 0) await admin.deleteTopics({ topics: removed });
  for (const name of removed) changed(`removed topic ${name} with all its records`);
  for (const name of undeclared)
    if (!removed.includes(name)) found(`topic ${name} is not declared, and was left alone`);
}

/** Nobody else than the stack sets a topic's configuration: what it no longer says goes back to the brokers' value. */
async function reconcileConfiguration(admin: Admin, topics: Topics, { changed }: Told): Promise<void> {
  const names = Object.keys(topics);
  if (names.length === 0) return;
  const resourceType = ConfigResourceTypes.TOPIC;
  const resources = names.map((resourceName) => ({ resourceType, resourceName }));
  for (const { resourceName, configs } of await admin.describeConfigs({ resources })) {
    const own = configs.filter(({ configSource }) => configSource === ConfigSources.DYNAMIC_TOPIC_CONFIG);
    const has = new Map(own.map(({ name, value }) => [name, value]));
    const wanted = topics[resourceName]?.configuration ?? {};
    const set = Object.entries(wanted).filter(([name, value]) => has.get(name) !== value);
    const dropped = [...has.keys()].filter((name) => wanted[name] === undefined);
    if (set.length + dropped.length === 0) continue;
    const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType,
          resourceName,
          configs: [
            ...set.map(([name, value]) => ({ name, value, configOperation: SET })),
            ...dropped.map((name) => ({ name, configOperation: DELETE })),
          ],
        },
      ],
    });
    for (const [name, value] of set) changed(`topic ${resourceName}: ${name} is ${value}`);
    for (const name of dropped) changed(`topic ${resourceName}: ${name} is the brokers' again`);
  }
}

const anyAcl = {
  resourceType: ResourceTypes.ANY,
  resourceName: null,
  resourcePatternType: ResourcePatternTypes.ANY,
  principal: null,
  host: null,
  operation: AclOperations.ANY,
  permissionType: AclPermissionTypes.ANY,
} as const;

/** All rules are the stack's: one that was made by hand is removed, since it lets somebody in whom nobody declared. */
async function reconcileAcls(admin: Admin, users: KafkaSpecification["users"], { changed }: Told): Promise<void> {
  const resources = await admin.describeAcls({ filter: anyAcl });
  const existing = resources.flatMap(({ acls, ...target }) => acls.map((acl): Acl => ({ ...target, ...acl })));
  const wanted = aclsOf(users);
  const has = new Set(existing.map(keyOf));
  const wants = new Set(wanted.map(keyOf));
  const creations = wanted.filter((acl) => !has.has(keyOf(acl)));
  const filters = existing.filter((acl) => !wants.has(keyOf(acl)));
  if (creations.length > 0) await admin.createAcls({ creations });
  for (const acl of creations) changed(`made rule ${describeAcl(acl)}`);
  if (filters.length > 0) await admin.deleteAcls({ filters });
  for (const acl of filters) changed(`removed rule ${describeAcl(acl)}`);
}

/** Quotas of users are the stack's too. */
async function reconcileQuotas(admin: Admin, users: KafkaSpecification["users"], { changed }: Told): Promise<void> {
  const entityType = ClientQuotaEntityTypes.USER;
  const components = [{ entityType, matchType: ClientQuotaMatchTypes.ANY }];
  const existing = await admin.describeClientQuotas({ components, strict: true });
  const has = new Map(existing.map(({ entity, values }) => [entity[0]?.entityName ?? null, values]));
  const wanted = new Map(Object.entries(users).map(([user, { quota }]) => [user, limitsOf(quota)]));
  for (const user of new Set([...wanted.keys(), ...has.keys()])) {
    const now = has.get(user) ?? [];
    const want = (user === null ? undefined : wanted.get(user)) ?? new Map<ClientQuotaKeyValue, number>();
    const set = [...want].filter(([key, value]) => now.find((each) => each.key === key)?.value !== value);
    const dropped = now.filter(({ key }) => !want.has(key));
    if (set.length + dropped.length === 0) continue;
    await admin.alterClientQuotas({
      entries: [
        {
          entities: [{ entityType, entityName: user }],
          ops: [
            ...set.map(([key, value]) => ({ key, value, remove: false as const })),
            ...dropped.map(({ key }) => ({ key, remove: true as const })),
          ],
        },
      ],
    });
    for (const [key, value] of set) changed(`quota of ${user}: ${key} is ${value}`);
    for (const { key } of dropped) changed(`quota of ${user ?? "everybody"}: no ${key}`);
  }
}

function limitsOf(quota: Quota | undefined): ReadonlyMap<ClientQuotaKeyValue, number> {
  const limits = new Map<ClientQuotaKeyValue, number>();
  if (quota?.producerBytesPerSecond !== undefined)
    limits.set(ClientQuotaKeys.PRODUCER_BYTE_RATE, quota.producerBytesPerSecond);
  if (quota?.consumerBytesPerSecond !== undefined)
    limits.set(ClientQuotaKeys.CONSUMER_BYTE_RATE, quota.consumerBytesPerSecond);
  return limits;
}
