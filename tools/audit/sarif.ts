/**
 * The audit in SARIF 2.1.0, which code scanning services read.
 *
 * @source https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { createHash } from "node:crypto";
import { waiverPolicies } from "../../policies/pack/pulumi.ts";
import type { NamedText } from "./audit.ts";
import type { Audit, AuditedRule, AuditedWaiver } from "./schema.ts";
import { resourceWords, subjectWords } from "./words.ts";

/** Numbers as GitHub reads them: above 9 critical, from 7 high, from 4 medium. */
const securitySeverity = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

/** The rule that speaks about waivers, as the policy pack has it. */
const waiverRule = {
  id: waiverPolicies.idle,
  shortDescription: { text: "No waiver has ended or covers nothing." },
  help: { text: "Remove the waiver, correct its resource, or have its owner give it a new date." },
  defaultConfiguration: { level: "error" },
  properties: { tags: ["waivers"], "security-severity": securitySeverity.high },
};

export function sarifOf(audit: Audit, state: NamedText): string {
  const locate = locator(audit, state);
  const results = [
    ...audit.rules.flatMap((rule, ruleIndex) => resultsOf(rule, ruleIndex, audit, locate)),
    ...audit.waivers.flatMap((waiver) => waiverResult(waiver, audit)),
  ];
  return `${JSON.stringify(
    {
      $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "Roost audit",
              semanticVersion: audit.pack.version,
              rules: [...audit.rules.map((rule) => descriptorOf(rule, audit.standards)), waiverRule],
              supportedTaxonomies: audit.standards.map(({ title }, index) => ({ name: title, index })),
            },
          },
          automationDetails: { id: `roost-audit/${audit.state.project}/${audit.state.stack}/` },
          invocations: [{ executionSuccessful: true, endTimeUtc: audit.date }],
          artifacts: [
            { location: { uri: uriOf(audit.state.file) }, hashes: { "sha-256": audit.state.sha256 } },
            ...configurationArtifact(audit),
          ],
          taxonomies: audit.standards.map(({ title, version, source, controls }) => ({
            name: title,
            version,
            informationUri: source,
            taxa: controls.map(({ id, asks }) => ({ id, shortDescription: { text: asks } })),
          })),
          results,
          columnKind: "utf16CodeUnits",
          properties: { verdict: audit.verdict },
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function descriptorOf(rule: AuditedRule, standards: Audit["standards"]) {
  const answers = Object.entries(rule.controls).flatMap(([standard, ids]) => ids.map((id) => `${standard}:${id}`));
  const { id, title, why, fix, severity, enforcement, outcome } = rule;
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${why}\n\nTo meet it: ${fix}`, markdown: `${why}\n\n**To meet it:** ${fix}` },
    defaultConfiguration: { level: levelOf(rule), enabled: enforcement !== "disabled" },
    relationships: standards.flatMap(({ name, title: standard }, index) =>
      (rule.controls[name] ?? []).map((control) => ({
        target: { id: control, toolComponent: { name: standard, index } },
        kinds: ["relevant"],
      })),
    ),
    properties: { tags: ["security", ...answers], "security-severity": securitySeverity[severity], outcome },
  };
}

function levelOf({ severity, enforcement }: AuditedRule): "error" | "warning" | "note" {
  if (severity === "low") return "note";
  return enforcement === "mandatory" && severity !== "medium" ? "error" : "warning";
}

type Locate = (urn: string | undefined) => object;

function resultsOf(rule: AuditedRule, ruleIndex: number, audit: Audit, locate: Locate): object[] {
  const { id: ruleId } = rule;
  const common = (text: string, urn: string | undefined) => ({
    ruleId,
    ruleIndex,
    message: { text: `${subjectWords(urn)}: ${text}` },
    locations: [locate(urn)],
    partialFingerprints: { "ruleAndResource/v1": fingerprint(ruleId, urn ?? "", text) },
  });
  return [
    ...rule.violations.map(({ message, resource, waived }) => ({
      ...common(`${message}. ${rule.fix}`, resource),
      kind: "fail",
      level: levelOf(rule),
      suppressions: waived ? suppressionsOf(ruleId, resource, audit) : [],
    })),
    // What could not be decided is neither passed nor failed.
    ...rule.undecided.map(({ resource, why }) => ({ ...common(why, resource), kind: "open", level: "none" })),
  ];
}

function suppressionsOf(ruleId: string, urn: string | undefined, { waivers, state: { stackUrn } }: Audit): object[] {
  return waivers
    .filter(({ rule, covers }) => rule === ruleId && covers.includes(urn ?? stackUrn))
    .map(({ reason, owner, expires }) => ({
      kind: "external",
      status: "accepted",
      justification: `${reason} (${owner}, until ${expires})`,
    }));
}

function waiverResult({ rule, resource, state, owner, expires }: AuditedWaiver, { rules, pack }: Audit): object[] {
  if (state !== "expired" && state !== "idle") return [];
  const why = state === "expired" ? `ended on ${expires}; it was ${owner}'s` : "covers nothing that breaks the rule";
  const location = pack.configuration && {
    physicalLocation: { artifactLocation: { uri: uriOf(pack.configuration.file), index: 1 } },
  };
  return [
    {
      ruleId: waiverRule.id,
      ruleIndex: rules.length,
      kind: "fail",
      level: "error",
      message: { text: `The waiver of ${rule} for ${resource} ${why}.` },
      locations: location ? [location] : [],
      partialFingerprints: { "ruleAndResource/v1": fingerprint(waiverRule.id, resource, rule) },
    },
  ];
}

function configurationArtifact({ pack: { configuration } }: Audit): object[] {
  if (configuration === undefined) return [];
  return [{ location: { uri: uriOf(configuration.file) }, hashes: { "sha-256": configuration.sha256 } }];
}

/** Where a resource stands: by its URN, and by the line of the state that names it, which GitHub wants. */
function locator(audit: Audit, { text }: NamedText): Locate {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries()) {
    const [, urn] = /^\s*"urn":\s*"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
    if (urn !== undefined && !lines.has(urn)) lines.set(urn, index + 1);
  }
  return (urn = audit.state.stackUrn) => {
    const { kind, name } = resourceWords(urn);
    return {
      physicalLocation: {
        artifactLocation: { uri: uriOf(audit.state.file), index: 0 },
        region: { startLine: lines.get(urn) ?? 1 },
      },
      logicalLocations: [{ name: name || audit.state.stack, fullyQualifiedName: urn, kind: kind || "stack" }],
    };
  };
}

function uriOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

function fingerprint(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
