/** Tries to get secrets into reports, with rules that tell all that they see. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../policies/pack/resource.ts";
import { each, type Rule, stackRule } from "../../policies/pack/rule.ts";
import { rules } from "../../policies/rules.ts";
import { pageOf } from "./page/page.ts";
import { sarifOf } from "./sarif.ts";
import { audited, type Entry, encryptedSecret, exported, secretEntry, shownSecret, workload } from "./testing.ts";

/** Says all that it reads, in every way in which a rule might. */
function telltale({ props }: Pick<Resource, "props">, report: (message: string) => void): void {
  for (const text of textsIn(props)) {
    report(text);
    report(`sets "${text}" in ${JSON.stringify({ text })}`);
    report(Buffer.from(text).toString("base64"));
    report(encodeURIComponent(text.toWellFormed()));
    for (const line of text.split("\n")) report(`has the line ${line}`);
  }
  throw new Error(`stumbled over ${JSON.stringify(props)}`);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const about = { title: "None", why: "One. Two.", fix: "Mend it.", severity: "low", controls: {} } as const;
const telltales: readonly Rule[] = [
  { ...about, id: "secrets-told", about: "resource", appliesTo: () => true, check: telltale },
  stackRule({
    ...about,
    id: "secrets-told-of-all",
    appliesTo: () => true,
    check(stack, report) {
      each(stack, (resource) => telltale(resource, (message) => report(message, resource)));
    },
  }),
];

/** All texts of all reports, as a reader of them gets them. */
function told(entries: readonly Entry[]): string {
  const text = exported(entries);
  const audit = audited(text, { rules: [...rules, ...telltales] });
  const sarif = textsIn(JSON.parse(sarifOf(audit, { file: "state.json", text })));
  const page = pageOf(audit);
  const read = page
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
  return [...textsIn(JSON.parse(JSON.stringify(audit))), ...sarif, page, read].join("\n");
}

/** What a Secret, an environment variable and a ConfigMap may hold, as one that is marked and as copies that are not. */
function entriesWith(marked: unknown, copy: string): readonly Entry[] {
  return [
    secretEntry(marked),
    workload("web", { name: "main", image: `registry.test/web:${copy}`, env: [{ name: "OTHER", value: copy }] }),
    {
      type: "kubernetes:core/v1:ConfigMap",
      name: "settings",
      inputs: { data: { "app.conf": `level = ${copy}\nend` } },
    },
    {
      type: "random:index/randomPassword:RandomPassword",
      name: "login",
      inputs: { length: 3 },
      outputs: { result: marked },
    },
  ];
}

function formsOf(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret.trim(),
    escaped.trim(),
    Buffer.from(secret).toString("base64"),
    encodeURIComponent(secret.toWellFormed()),
  ];
}

/** A short one counts only where it stands alone: as a part of other words it tells nobody anything. */
function holds(reports: string, form: string): boolean {
  return form.length < 8 ? new RegExp(`(?<![A-Za-z0-9])${form}(?![A-Za-z0-9])`).test(reports) : reports.includes(form);
}

function isLong(secret: string): boolean {
  return secret.trim().length >= 8;
}

const secrets = fc.oneof(
  fc.string({ minLength: 8, maxLength: 60 }).filter(isLong),
  fc.string({ minLength: 8, maxLength: 60, unit: "binary" }).filter(isLong),
  fc.stringMatching(/^[a-z0-9]{4,7}$/),
  fc.base64String({ minLength: 12, maxLength: 80 }),
  fc
    .array(fc.string({ minLength: 8, maxLength: 30 }), { minLength: 2, maxLength: 4 })
    .map((lines) => lines.join("\n"))
    .filter(isLong),
);

describe("no report", () => {
  it("holds a secret of the state, whatever a rule says", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        // What stands in the report of a state without the secret is no leak of it.
        const without = told(entriesWith(encryptedSecret, "-"));
        const forms = formsOf(secret).filter((form) => !without.includes(form));
        const reports = told(entriesWith(shownSecret(secret), secret));
        expect(forms.filter((form) => holds(reports, form))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("holds a secret that nobody marked, where it lies in a Secret", () => {
    expect(told([secretEntry("kT7rQ2xWm9ZbV4nLpa")])).not.toContain("kT7rQ2xWm9ZbV4nLpa");
  });

  it("hides names that the report shows anyway", () => {
    const reports = told([workload("synapse", { name: "synapse" }), secretEntry(shownSecret("synapse"))]);
    expect(reports).toContain('sets "synapse"');
  });
});
