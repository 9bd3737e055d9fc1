/** Pure: whether a broker has what it should have, and whether others have enough of it. */

/** What a broker says of the cluster. */
export interface ClusterView {
  readonly brokers: readonly { readonly nodeId: number }[];
  readonly topics: readonly {
    readonly partitions: readonly { readonly replicaNodes: readonly number[]; readonly isrNodes: readonly number[] }[];
  }[];
}

/** Whether the broker takes part, and each of its copies is in sync. */
export function isReady(node: number, { brokers, topics }: ClusterView): boolean {
  if (!brokers.some(({ nodeId }) => nodeId === node)) return false;
  return partitionsOf(node, topics).every(({ isrNodes }) => isrNodes.includes(node));
}

/**
 * Whether no partition would be left with fewer copies in sync than writes need. One that never has more copies than that
 * cannot be helped.
 */
export function mayStop(node: number, { topics }: ClusterView, minInSync: number): boolean {
  return partitionsOf(node, topics).every(
    ({ replicaNodes, isrNodes }) =>
      replicaNodes.length <= minInSync || !isrNodes.includes(node) || isrNodes.length > minInSync,
  );
}

function partitionsOf(node: number, topics: ClusterView["topics"]) {
  return topics.flatMap(({ partitions }) => partitions.filter(({ replicaNodes }) => replicaNodes.includes(node)));
}
