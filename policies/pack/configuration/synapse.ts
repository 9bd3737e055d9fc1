/** Synapse as it runs: a container, and the configuration that it is started with. */
import type { Container } from "../kubernetes.ts";
import { filesAt } from "../mounts.ts";
import { type Pods, podsOf } from "../pods.ts";
import type { Resource } from "../resource.ts";
import type { ConfigurationFile } from "./files.ts";
import { type Homeserver, homeserverIn, settingsIn } from "./homeserver.ts";

export interface Synapse {
  readonly pods: Pods;
  readonly container: Container;
  /** The file that says which homeserver it is. */
  readonly main: { readonly file: ConfigurationFile; readonly settings: Homeserver };
  /** All of its files. A top-level setting of a later one replaces that of an earlier one. */
  readonly files: readonly ConfigurationFile[];
}

/** Every container of the stack that is started with a homeserver's configuration: the main process, and workers. */
export function synapsesOf(stack: readonly Resource[]): readonly Synapse[] {
  return stack.flatMap((resource) => {
    const pods = podsOf(resource);
    return pods === undefined
      ? []
      : (pods.spec.containers ?? []).flatMap((container) => synapse(container, pods, stack));
  });
}

function synapse(container: Container, pods: Pods, stack: readonly Resource[]): readonly Synapse[] {
  const files = configPaths(container).flatMap((path) => filesAt(path, container, pods, stack));
  for (const file of files) {
    const settings = homeserverIn(file);
    if (settings !== undefined) return [{ pods, container, main: { file, settings }, files }];
  }
  return [];
}

/** @source https://element-hq.github.io/synapse/latest/usage/configuration/index.html */
function configPaths({ command = [], args = [] }: Container): readonly string[] {
  const words = [...command, ...args];
  return words.flatMap((word, index) => {
    const path = /^--config-path=(.+)$/.exec(word)?.[1] ?? words[index + 1];
    return /^(-c|--config-path(=.*)?)$/.test(word) && path !== undefined ? [path] : [];
  });
}

/** A setting as it is in force: that of the last file which has it. */
export function settingOf({ files }: Synapse, name: string): unknown {
  return files.map(({ text }) => settingsIn(text())).findLast((settings) => name in settings)?.[name];
}
