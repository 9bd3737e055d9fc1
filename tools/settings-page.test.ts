import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { allPaths, settingsTree } from "../environment/index.ts";
import { settingsPage } from "./settings-page.ts";
import { projectConfig, withSection } from "./settings-project.ts";

describe("the reference page", () => {
  it("names every setting that holds a value", () => {
    const page = settingsPage();
    const isGroup = (path: string) => allPaths().some((other) => other.startsWith(`${path}.`));
    expect(allPaths().filter((path) => !isGroup(path) && !page.includes(`\`${path}`))).toEqual([]);
  });

  it("is a table in every line that begins one", () => {
    const rows = settingsPage()
      .split("\n")
      .filter((line) => line.startsWith("|"));
    for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(7);
  });
});

describe("the project's config section", () => {
  const section: { config: Record<string, { description: string; default: unknown; type?: string }> } = parse(
    projectConfig(),
  );

  it("describes every top-level setting, with its default", () => {
    expect(Object.keys(section.config)).toEqual([...settingsTree().properties.keys()]);
    expect(section.config.users).toMatchObject({ default: 100 });
    expect(section.config.cluster).toMatchObject({ default: { kind: "embedded" } });
  });

  it("gives no types, so that the program and not the engine says what is wrong", () => {
    expect(Object.values(section.config).filter(({ type }) => type !== undefined)).toEqual([]);
  });

  it("takes the place of the one before", () => {
    const marked = (text: string) => withSection(`name: roost\n${BEGIN}\nold: 1\n# end of settings\nlast: 1\n`, text);
    expect(marked("new: 1\n")).toBe(`name: roost\n${BEGIN}\nnew: 1\n# end of settings\nlast: 1\n`);
    expect(() => withSection("name: roost\n", "")).toThrow("are missing");
  });
});

const BEGIN = "# begin of settings: written by `make generate` from environment/settings";
