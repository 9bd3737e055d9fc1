import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";

const text = readFileSync(".github/workflows/preview.yml", "utf8");

const job = z.looseObject({
  if: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  "timeout-minutes": z.number(),
  steps: z.array(z.looseObject({ uses: z.string().optional(), run: z.string().optional() })),
});
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.object({}).strict(),
  jobs: z.record(z.string(), job),
});
const { on, jobs } = workflow.parse(parse(text));

describe("the workflow on GitHub", () => {
  it("runs for pull requests as they are, and never with the base's rights on a fork's code", () => {
    expect(Object.keys(on)).toEqual(["pull_request"]);
  });

  it("writes nothing but comments, in one job", () => {
    const permissions = Object.fromEntries(Object.entries(jobs).map(([name, each]) => [name, each.permissions]));
    expect(permissions).toEqual({
      preview: { contents: "read" },
      comment: { contents: "read", "pull-requests": "write" },
      fork: {},
    });
  });

  it("gives secrets to no program of a fork", () => {
    const secret = Object.entries(jobs).filter(([, each]) => /\bsecrets\./.test(JSON.stringify(each)));
    expect(secret.map(([name]) => name)).toEqual(["preview"]);
    expect(jobs.preview?.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
  });

  it("runs nothing that the pull request brings where it may write", () => {
    const checkout = jobs.comment?.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkout).toMatchObject({
      with: { ref: expect.stringContaining("github.event.pull_request.base.sha") },
    });
  });

  it("pins every action by its whole commit, and says which version that is", () => {
    const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("puts no text of others into a command", () => {
    for (const { run = "" } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(run).not.toContain("${{");
  });

  it("does not run for ever", () => {
    for (const each of Object.values(jobs)) expect(each["timeout-minutes"]).toBeLessThanOrEqual(90);
  });
});

describe("the template for GitLab", () => {
  const pipeline = z.record(z.string(), z.looseObject({})).parse(parse(readFileSync(".gitlab/preview.yml", "utf8")));
  const jobsThere = Object.entries(pipeline).filter(([name]) => !name.startsWith("."));

  it("runs for merge requests from the project itself only", () => {
    expect(jobsThere.map(([name]) => name)).toEqual(["preview", "preview-note"]);
    for (const [, { rules }] of jobsThere) {
      expect(rules).toEqual([
        expect.objectContaining({
          if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID',
        }),
      ]);
    }
  });

  it("keeps the secrets of the state from the job that may write, and its token from the preview", () => {
    expect(jobsThere.map(([, { environment }]) => environment)).toEqual([
      { name: "preview", action: "access" },
      { name: "preview-note", action: "access" },
    ]);
  });
});
