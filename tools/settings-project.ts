import { stringify } from "yaml";
import { settingsTree } from "../environment/index.ts";

const BEGIN = "# begin of settings: written by `make generate` from environment/settings";
const END = "# end of settings";

/**
 * The config section of Pulumi.yaml. It gives no types: the engine would check them first, stop at the first one that is
 * wrong, and say less about it than the program does about all of them.
 */
export function projectConfig(): string {
  const settings = [...settingsTree().properties].map(([name, node]) => [
    name,
    { description: node.description ?? "", default: node.defaultValue ?? "" },
  ]);
  return stringify({ config: Object.fromEntries(settings) }, { lineWidth: 120 });
}

/** The project file with its generated section replaced. */
export function withSection(project: string, section: string): string {
  const [start, end] = [project.indexOf(BEGIN), project.indexOf(END)];
  if (start === -1 || end < start)
    throw new Error(`Pulumi.yaml: the lines "${BEGIN}" and "${END}" are missing; put them where the settings belong`);
  return `${project.slice(0, start)}${BEGIN}\n${section}${project.slice(end)}`;
}
