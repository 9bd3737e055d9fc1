import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { podRule, withSettings } from "../policies/pack/rule.ts";
import { policiesPage } from "./policies-page.ts";

const settings = z.strictObject({ most: z.int().default(3).describe("How many there may be.") });
const page = policiesPage([
  withSettings(settings, () =>
    podRule({
      id: "workloads-few",
      title: "There are few of them",
      why: "Many are many. Few are fewer.",
      fix: "Remove some.",
      severity: "low",
      enforcement: "advisory",
      controls: { cis: ["5.2.2"] },
      check: () => undefined,
    }),
  ),
]);

describe("the page of policies", () => {
  it("says of each rule what it is, why, what to do, its settings and what it answers", () => {
    expect(page).toContain(
      "## workloads\n\n### workloads-few\n\nThere are few of them. *low, advisory, about each resource*",
    );
    expect(page).toContain("Many are many. Few are fewer. **To meet it:** Remove some.");
    expect(page).toContain("- `most`: How many there may be. Default: `3`.");
    expect(page).toContain("*Answers:* CIS Kubernetes Benchmark 5.2.2.");
  });

  it("says of each control which rules answer it, and where none does", () => {
    expect(page).toMatch(/\| 5\.2\.2 \| .* \| workloads-few \|/);
    expect(page).toMatch(/\| 5\.2\.3 \| .* \| – \|/);
  });
});
