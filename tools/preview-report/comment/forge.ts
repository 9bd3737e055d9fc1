/** The comments of one pull request on GitHub, or of one merge request on GitLab. */

export interface Comment {
  /** Later ones have greater numbers. */
  readonly id: number;
  readonly body: string;
  /** Whether the account whose token we have wrote it. */
  readonly isOwn: boolean;
}

export interface Forge {
  list(): Promise<Comment[]>;
  /** @returns the number of the new comment */
  create(body: string): Promise<number>;
  /** @returns whether the comment was still there */
  update(id: number, body: string): Promise<boolean>;
  /** A comment that is gone already is as good as removed. */
  remove(id: number): Promise<void>;
}

interface Request {
  readonly url: string;
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: string;
}

/** Answers that both forges give as JSON. */
interface Answer {
  readonly isThere: boolean;
  readonly json: unknown;
  /** Where the next page is. */
  readonly next: string | undefined;
}

interface Api {
  /** Before all paths. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GitHubArgs {
  /** `GITHUB_API_URL` */
  readonly api: string;
  /** `owner/name` */
  readonly repository: string;
  readonly pullRequest: number;
  readonly token: string;
  /** Whose comments are ours: the token of a workflow cannot ask. @default "github-actions[bot]" */
  readonly author?: string;
}

/** Source: "REST API endpoints for issue comments" in GitHub's documentation. */
export function gitHub({ api, repository, pullRequest, token, author = "github-actions[bot]" }: GitHubArgs): Forge {
  const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" };
  const call = caller({ base: api, headers });
  const issues = `${api}/repos/${repository}/issues`;
  const all = `${issues}/${pullRequest}/comments`;
  const one = (id: number) => `${issues}/comments/${id}`;
  return {
    list: async () =>
      (await pages(call, `${all}?per_page=100`)).map((comment) => ({
        id: numberAt(comment, "id"),
        body: textAt(comment, "body"),
        isOwn: textAt(fieldOf(comment, "user"), "login") === author,
      })),
    create: async (body) => numberAt((await call({ url: all, method: "POST", body })).json, "id"),
    update: async (id, body) => (await call({ url: one(id), method: "PATCH", body })).isThere,
    remove: async (id) => void (await call({ url: one(id), method: "DELETE" })),
  };
}

export interface GitLabArgs {
  /** `CI_API_V4_URL` */
  readonly api: string;
  /** Number, or path. */
  readonly project: string;
  readonly mergeRequest: number;
  readonly token: string;
}

/** Source: "Notes API" in GitLab's documentation. */
export function gitLab({ api, project, mergeRequest, token }: GitLabArgs): Forge {
  const call = caller({ base: api, headers: { "private-token": token } });
  const all = `${api}/projects/${encodeURIComponent(project)}/merge_requests/${mergeRequest}/notes`;
  return {
    list: async () => {
      const author = numberAt((await call({ url: `${api}/user` })).json, "id");
      return (await pages(call, `${all}?per_page=100&order_by=created_at&sort=asc`)).map((note) => ({
        id: numberAt(note, "id"),
        body: textAt(note, "body"),
        isOwn: fieldOf(fieldOf(note, "author"), "id") === author,
      }));
    },
    create: async (body) => numberAt((await call({ url: all, method: "POST", body })).json, "id"),
    update: async (id, body) => (await call({ url: `${all}/${id}`, method: "PUT", body })).isThere,
    remove: async (id) => void (await call({ url: `${all}/${id}`, method: "DELETE" })),
  };
}

type Call = (request: Request) => Promise<Answer>;

function caller({ base, headers }: Api): Call {
  return async ({ url, method = "GET", body }) => {
    // A page's link leads to where the token belongs, or nowhere.
    if (new URL(url).origin !== new URL(base).origin) throw new Error(`${base} led to another host: ${url}`);
    const response = await fetch(url, {
      method,
      headers: { ...headers, "content-type": "application/json", "user-agent": "preview-report" },
      ...(body !== undefined && { body: JSON.stringify({ body }) }),
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
    const isGone = response.status === 404 && method !== "GET" && method !== "POST";
    const text = await response.text();
    if (!response.ok && !isGone) {
      throw new Error(`${method} ${url}: ${response.status} ${response.statusText}: ${text.slice(0, 200)}`);
    }
    return { isThere: !isGone, json: isGone ? undefined : parsed(text), next: nextOf(response.headers.get("link")) };
  };
}

function parsed(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}

async function pages(call: Call, first: string): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let url: string | undefined = first; url !== undefined; ) {
    const { json, next }: Answer = await call({ url });
    if (!Array.isArray(json)) throw new Error(`GET ${url}: a list was expected`);
    items.push(...json);
    url = next;
  }
  return items;
}

/** `<https://…?page=2>; rel="next", …`, as both forges have it. */
function nextOf(link: string | null): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function numberAt(value: unknown, key: string): number {
  const field = fieldOf(value, key);
  if (typeof field === "number") return field;
  throw new Error(`The forge's answer has no number "${key}"`);
}

function textAt(value: unknown, key: string): string {
  const field = fieldOf(value, key);
  return typeof field === "string" ? field : "";
}
