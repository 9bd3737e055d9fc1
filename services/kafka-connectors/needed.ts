/** Pure: what is to be done so that connectors are as declared and run. */
import type { ConnectorConfiguration } from "./specification.ts";
import type { Connectors } from "./worker.ts";

export type Action =
  | { readonly kind: "configure"; readonly connector: string; readonly why: string }
  | { readonly kind: "remove"; readonly connector: string }
  | { readonly kind: "resume"; readonly connector: string }
  /** Of a task, or of the connector itself where no task is named. */
  | { readonly kind: "restart"; readonly connector: string; readonly task?: number; readonly why: string };

/**
 * Actions, from what is declared and what there is.
 *
 * @param worker the one beside: it restarts what it runs itself, so that of several programs one does it
 */
export function actionsNeeded(
  declared: Readonly<Record<string, ConnectorConfiguration>>,
  found: Connectors,
  worker: string,
): readonly Action[] {
  const others = Object.keys(found).filter((connector) => declared[connector] === undefined);
  return [
    ...others.map((connector) => ({ kind: "remove" as const, connector })),
    ...Object.entries(declared).flatMap(([connector, configuration]) =>
      actionsFor(connector, configuration, found[connector], worker),
    ),
  ];
}

function actionsFor(
  connector: string,
  configuration: ConnectorConfiguration,
  found: Connectors[string] | undefined,
  worker: string,
): readonly Action[] {
  if (found === undefined) return [{ kind: "configure", connector, why: "it was not there" }];
  const different = differences(connector, configuration, found.info.config);
  if (different.length > 0)
    return [{ kind: "configure", connector, why: `other than declared: ${different.join(", ")}` }];
  const { connector: own, tasks } = found.status;
  if (own.state === "PAUSED" || own.state === "STOPPED") return [{ kind: "resume", connector }];
  const failedHere = ({ state, worker_id }: { readonly state: string; readonly worker_id: string }) =>
    state === "FAILED" && worker_id === worker;
  if (failedHere(own)) return [{ kind: "restart", connector, why: reasonOf(own.trace) }];
  return tasks
    .filter(failedHere)
    .map(({ id, trace }) => ({ kind: "restart" as const, connector, task: id, why: reasonOf(trace) }));
}

/** Names of what has another value than declared; the connector's own name is part of what Kafka Connect tells. */
function differences(
  connector: string,
  declared: ConnectorConfiguration,
  found: Readonly<Record<string, string | null>>,
): readonly string[] {
  const wanted: ConnectorConfiguration = { ...declared, name: connector };
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].filter((name) => wanted[name] !== found[name]);
}

/** What a stack trace says of the cause, without where in the code it was: nothing of a row's content is in there. */
function reasonOf(trace: string | undefined): string {
  const lines = (trace ?? "").split("\n").filter((line) => /^(Caused by: )?[\w.$]+(Exception|Error)/.test(line));
  return (lines.at(-1) ?? "it does not say why").replace(/^Caused by: /, "").slice(0, 300);
}
