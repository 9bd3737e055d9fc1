/**
 * Has the engine write the state once, when it ends, and not before and after each resource: of some hundreds of resources
 * that takes minutes. For stacks that may be lost.
 */
export const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } as const;
