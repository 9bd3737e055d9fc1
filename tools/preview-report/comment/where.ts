/** Which pull or merge request a pipeline is about, by the variables that GitHub and GitLab set. */
import { type Forge, gitHub, gitLab } from "./forge.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Error that names the variables that are missing */
export function forgeOf(variables: Variables): Forge {
  const missing: string[] = [];
  const given = (name: string) => {
    const value = variables[name] ?? "";
    if (value === "") missing.push(name);
    return value;
  };
  const forge = variables.GITLAB_CI === undefined ? onGitHub(given, variables.COMMENT_AUTHOR) : onGitLab(given);
  if (missing.length === 0) return forge;
  throw new Error(`Not set: ${missing.join(", ")}. They say where the comment belongs: see docs/preview-report.md.`);
}

type Given = (name: string) => string;

function onGitHub(given: Given, author: string | undefined): Forge {
  return gitHub({
    api: given("GITHUB_API_URL"),
    repository: given("GITHUB_REPOSITORY"),
    pullRequest: Number(given("PULL_REQUEST")),
    token: given("GITHUB_TOKEN"),
    ...(author && { author }),
  });
}

function onGitLab(given: Given): Forge {
  return gitLab({
    api: given("CI_API_V4_URL"),
    project: given("CI_MERGE_REQUEST_PROJECT_ID"),
    mergeRequest: Number(given("CI_MERGE_REQUEST_IID")),
    token: given("GITLAB_TOKEN"),
  });
}
