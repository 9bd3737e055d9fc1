import { z } from "zod";
import type { Homeserver } from "./homeserver.ts";

const listener = z.looseObject({
  port: z.unknown().optional(),
  type: z.string().catch("http"),
  resources: z.array(z.looseObject({ names: z.array(z.string()).catch([]) })).catch([]),
});

export interface Listener {
  readonly port: unknown;
  /** For example `http`. */
  readonly type: string;
  /** What it answers, for example `client`. */
  readonly resources: readonly string[];
}

/** Where Synapse listens. One that is not understood is left out: Synapse does not start with it. */
export function listenersOf({ listeners }: Homeserver): readonly Listener[] {
  return (Array.isArray(listeners) ? listeners : []).flatMap((given) => {
    const { success, data } = listener.safeParse(given);
    if (!success) return [];
    return [{ port: data.port, type: data.type, resources: data.resources.flatMap(({ names }) => names) }];
  });
}
