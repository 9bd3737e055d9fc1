import { z } from "zod";
import { standards } from "../policies/controls/index.ts";
import type { Rule } from "../policies/pack/rule.ts";

/** The reference page of all rules, in Markdown. */
export function policiesPage(rules: readonly Rule[]): string {
  const byArea = Map.groupBy(rules, areaOf);
  const areas = [...byArea].map(([area, some]) => `## ${area}\n\n${some.map(ruleText).join("\n")}`);
  return `${introduction(rules)}\n${areas.join("\n")}\n## Controls\n\n${standardsText(rules)}`;
}

/** The first word of a rule's id, which is the folder that it lies in. */
function areaOf({ id }: Rule): string {
  return id.slice(0, id.indexOf("-"));
}

function introduction(rules: readonly Rule[]): string {
  return `# Policies

<!-- Written by \`make generate\` from policies/: change the rule, not this page. -->

${rules.length} rules judge a stack before it is changed (\`make preview\`, \`make up\`), and what it is afterwards
(\`make audit\`, [audit.md](audit.md)). A mandatory rule that is broken stops the change. One that cannot be decided in a preview, because
a value is not known yet, says so and is decided by the update. Rules about one resource are decided before it is made,
rules about the stack when all of it is known.

The pack works on any Pulumi stack with Kubernetes resources: \`pulumi preview --policy-pack policies\`. What it needs is in
\`policies/package.json\`.

A rule is set, switched or waived in the pack's configuration (\`--policy-pack-config\`; \`policies.<stack>.json\` here):

\`\`\`json
{
  "workloads-no-host-ports": {
    "waivers": [
      {
        "resource": "*kubernetes:apps/v1:Deployment::edge",
        "reason": "No load balancer in this data centre: the edge is reached at the node's own port",
        "owner": "platform team",
        "expires": "2027-06-30"
      }
    ]
  },
  "secrets-password-length": { "minimum": 32 }
}
\`\`\`

A waiver names the resource by its URN (\`*\` is any text), and counts until the end of its last day (UTC). While it is used, every report
shows it; one that has ended, or that covers nothing, fails.
`;
}

function ruleText(rule: Rule): string {
  const { id, title, why, fix, severity, enforcement = "mandatory", about } = rule;
  const settings = settingsText(rule);
  return `### ${id}

${title}. *${severity}, ${enforcement}, about ${about === "stack" ? "the stack" : "each resource"}*

${why} **To meet it:** ${fix}
${settings === "" ? "" : `\n${settings}`}${answersText(rule)}`;
}

function settingsText({ settings }: Rule): string {
  const schema = z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })) });
  const { properties } =
    settings === undefined ? { properties: {} } : schema.parse(z.toJSONSchema(settings, { io: "input" }));
  return Object.entries(properties)
    .map(([name, { description = "", ...property }]) => {
      const usual = "default" in property ? ` Default: \`${JSON.stringify(property.default)}\`.` : "";
      return `- \`${name}\`: ${description}${usual}\n`;
    })
    .join("");
}

function answersText({ controls }: Rule): string {
  const answered = Object.entries(standards).flatMap(([name, { title }]) => {
    const ids = Object.entries(controls).find(([standard]) => standard === name)?.[1] ?? [];
    return ids.length === 0 ? [] : [`${title} ${ids.join(", ")}`];
  });
  return answered.length === 0 ? "" : `\n*Answers:* ${answered.join("; ")}.\n`;
}

/** Each standard's controls, with the rules that answer them. */
function standardsText(rules: readonly Rule[]): string {
  return Object.entries(standards)
    .map(([name, { title, version, source, controls }]) => {
      const rows = Object.entries(controls).map(([control, asks]) => {
        const answering = rules.filter((rule) =>
          Object.entries(rule.controls).some(
            ([standard, ids]) => standard === name && ids.some((id) => id === control),
          ),
        );
        return `| ${control} | ${asks} | ${answering.map(({ id }) => id).join(", ") || "–"} |`;
      });
      return `### ${title}\n\nVersion ${version}. [Source](${source})\n\n| control | what it asks | rules |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
    })
    .join("\n");
}
