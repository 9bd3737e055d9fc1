/** The explicit way to take a danger: by its category and the name of what it is about. */
import { type Category, categories, type Finding } from "./findings/index.ts";

export interface Acceptance {
  readonly category: Exclude<Category, "policy">;
  /** A resource's name or URN; `*` stands for any text. */
  readonly pattern: string;
  /** As it was given. */
  readonly given: string;
}

export interface Accepted extends Finding {
  readonly acceptedBy?: Acceptance;
}

const HOW = "Say `--accept <category>:<name or URN>`, for example `--accept data-loss:pg`";

/** @throws Error that says what is wrong with it and what is allowed */
export function parseAcceptance(given: string): Acceptance {
  const [word = "", ...rest] = given.split(":");
  const pattern = rest.join(":").trim();
  const category = categories.find((each) => each === word.trim());
  const allowed = categories.filter((each) => each !== "policy").join(", ");
  if (category === undefined) throw new Error(`--accept ${given}: "${word}" is no category (${allowed}). ${HOW}`);
  if (category === "policy") {
    throw new Error(
      `--accept ${given}: policies are excepted from by waivers in the policy pack's configuration, not here`,
    );
  }
  if (pattern.replaceAll("*", "").trim() === "") {
    throw new Error(`--accept ${given}: it names nothing. Everything at once cannot be accepted. ${HOW}`);
  }
  return { category, pattern, given };
}

/** The findings, each with the first acceptance that covers it, and the acceptances that cover nothing. */
export function accept(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
): { readonly findings: readonly Accepted[]; readonly idle: readonly Acceptance[] } {
  const judged = findings.map((finding): Accepted => {
    const acceptedBy = finding.level === "note" ? undefined : acceptances.find((each) => covers(each, finding));
    return acceptedBy === undefined ? finding : { ...finding, acceptedBy };
  });
  const used = new Set(judged.map(({ acceptedBy }) => acceptedBy));
  return { findings: judged, idle: acceptances.filter((each) => !used.has(each)) };
}

function covers({ category, pattern }: Acceptance, finding: Finding): boolean {
  if (finding.category !== category || finding.resource === undefined) return false;
  const expression = new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^]*")}$`,
  );
  return expression.test(finding.resource.name) || expression.test(finding.resource.urn);
}
