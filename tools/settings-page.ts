import { stringify } from "yaml";
import type { SettingNode } from "../environment/index.ts";
import { allowedText, CONFIG_NAMESPACE, kindOf, repeated, settingsTree } from "../environment/index.ts";

interface Row {
  readonly path: string;
  readonly allowed: string;
  readonly usual: string;
  readonly about: string;
  readonly example: string;
}

/** The reference page of all settings, in Markdown. */
export function settingsPage(): string {
  const settings = [...settingsTree().properties];
  const isSection = ([, node]: [string, SettingNode]) =>
    node.properties.size > 0 || node.variants.length > 0 || repeated(node).length > 0;
  const simple = settings.filter((each) => !isSection(each));
  const sections = settings.filter(isSection);
  const ofEnvironment = simple.map(([name, node]) => rowOf(name, node));
  return `${INTRODUCTION}\n## The environment\n\n${table(ofEnvironment)}\n${sections.map(sectionText).join("\n")}`;
}

const INTRODUCTION = `# Settings

<!-- Written by \`make generate\` from environment/settings: change the schema, not this page. -->

One environment is one stack, and everything about it stands in \`Pulumi.<stack>.yaml\` below \`config:\`, with
\`${CONFIG_NAMESPACE}:\` before each top-level name. Units stand in the names. What is not set has the default that is
shown; \`make plan\` prints what all of it amounts to.

Whatever is wrong fails in the preview, all at once, each line with the setting, its value, what is allowed and what to
do. Settings that Roost does not know are wrong too. A secret is set with \`pulumi config set --secret\`; its value never
appears in a message.

\`\`\`yaml
config:
  roost:domain: example.org
  roost:users: 500
  roost:im:
    engine: matrix
    media:
      maxUploadMiB: 100
\`\`\`
`;

function sectionText([name, node]: [string, SettingNode]): string {
  const example = stringify({ [`${CONFIG_NAMESPACE}:${name}`]: node.example ?? node.defaultValue }, { lineWidth: 100 });
  const kinds = node.variants.map((each) => kindText(name, node, each));
  const entries = repeated(node).flatMap(([below, inside]) => groupRows(`${name}.${below}`, inside));
  const text = kinds.length > 0 ? kinds.join("\n") : table([...rowsOf(`${name}.`, node), ...entries]);
  return `## ${name}\n\n${node.description}\n\n\`\`\`yaml\n${example}\`\`\`\n\n${text}`;
}

function kindText(name: string, node: SettingNode, variant: SettingNode): string {
  const kind = kindOf(node, variant);
  const isDefault = JSON.stringify(node.defaultValue ?? {}).includes(JSON.stringify(kind)) ? " (default)" : "";
  const rows = rowsOf(`${name}.`, variant).filter(({ path }) => path !== `${name}.${node.discriminator}`);
  const title = `### \`${name}.${node.discriminator}: ${kind}\`${isDefault}`;
  return `${title}\n\n${variant.description}\n${rows.length > 0 ? `\n${table(rows)}` : ""}`;
}

/** A row for each setting inside the node. */
function rowsOf(prefix: string, node: SettingNode): Row[] {
  return [...node.properties].flatMap(([name, each]) => {
    const path = `${prefix}${name}`;
    if (each.discriminator !== undefined) return [choiceRow(path, each), ...variantRows(path, each)];
    if (each.type === "object" && each.properties.size > 0) {
      const own = each.defaultValue === undefined ? [rowOf(path, each)] : [];
      return [...own, ...rowsOf(`${path}.`, each)];
    }
    return [rowOf(path, each), ...repeated(each).flatMap(([below, inside]) => groupRows(`${path}.${below}`, inside))];
  });
}

/** Rows of what stands under a free name, or in a list. */
function groupRows(path: string, node: SettingNode): Row[] {
  return node.discriminator === undefined
    ? rowsOf(`${path}.`, node)
    : [choiceRow(path, node), ...variantRows(path, node)];
}

function choiceRow(path: string, node: SettingNode): Row {
  const kinds = node.variants.map((each) => `\`${kindOf(node, each)}\`: ${each.description}`);
  const row = rowOf(path, node);
  return {
    ...row,
    path: `${path}.${node.discriminator}`,
    allowed: "one of these",
    about: [row.about, ...kinds].join("<br>"),
  };
}

function variantRows(path: string, node: SettingNode): Row[] {
  return node.variants.flatMap((variant) =>
    rowsOf(`${path}.`, variant)
      .filter((row) => row.path !== `${path}.${node.discriminator}`)
      .map((row) => ({ ...row, about: `With \`${kindOf(node, variant)}\`: ${row.about}` })),
  );
}

function rowOf(path: string, node: SettingNode): Row {
  const source = node.source === undefined ? "" : ` ([source](${node.source}))`;
  return {
    path,
    allowed: allowedText(node),
    usual: defaultText(node),
    about: `${node.description ?? ""}${node.secret ? " **Secret.**" : ""}${source}`,
    example: node.example === undefined ? "" : code(node.example),
  };
}

function defaultText({ defaultText, defaultValue }: SettingNode): string {
  if (defaultText !== undefined) return defaultText;
  return defaultValue === undefined ? "none: it must be set" : code(defaultValue);
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ path, allowed, usual, about, example }) => [`\`${path}\``, about, allowed, usual, example]);
  const lines = [
    ["setting", "what it is for", "allowed", "default", "example"],
    ["---", "---", "---", "---", "---"],
    ...cells,
  ];
  return `${lines.map((line) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n")}\n`;
}
