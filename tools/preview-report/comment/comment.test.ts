import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { keepComment } from "./comment.ts";
import { forgeOf } from "./where.ts";

interface Written {
  readonly id: number;
  readonly author: string;
  body: string;
}

const OURS = "github-actions[bot]";
const report = (text: string) => `## ${text}\n\n<!-- preview-report dev -->\n`;

/** A server that speaks what both APIs have of comments: pages of two, tokens, and answers that take their time. */
class Comments {
  comments: Written[] = [];
  readonly requests: string[] = [];
  token = "a-token";
  /** Where the link to a next page leads. @default here */
  elsewhere: string | undefined;
  private nextId = 100;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("The server does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  write(author: string, body: string): Written {
    const written = { id: this.nextId++, author, body };
    this.comments.push(written);
    return written;
  }

  bodies(): string[] {
    return this.comments.map(({ author, body }) => `${author}: ${body.split("\n")[0]}`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    const { body = "" }: { readonly body?: string } = JSON.parse((await textOf(request)) || "{}");
    await sleep(Math.random() * 20);
    const given = request.headers.authorization ?? `Bearer ${request.headers["private-token"]}`;
    if (given !== `Bearer ${this.token}`) return send(response, 401, { message: "401 Unauthorized" });
    if (url.pathname === "/user") return send(response, 200, { id: 7 });
    const id = Number(/\/(\d+)$/.exec(url.pathname)?.[1]);
    const isOne = /(comments|notes)\/\d+$/.test(url.pathname);
    if (!isOne && request.method === "GET") return this.page(url, response);
    if (!isOne) return send(response, 201, shown(this.write(OURS, body)));
    const found = this.comments.find((comment) => comment.id === id);
    if (found === undefined) return send(response, 404, { message: "404 Not found" });
    if (request.method === "DELETE") {
      this.comments = this.comments.filter((comment) => comment !== found);
      return send(response, 204, undefined);
    }
    found.body = body;
    return send(response, 200, shown(found));
  }

  private page(url: URL, response: ServerResponse): void {
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", `${page + 1}`);
    const link = `<${this.elsewhere ?? next.href}>; rel="next", <${url.href}>; rel="first"`;
    if (page * 2 < this.comments.length) response.setHeader("link", link);
    send(response, 200, this.comments.slice((page - 1) * 2, page * 2).map(shown));
  }
}

function shown({ id, author, body }: Written) {
  return { id, body, user: { login: author }, author: { id: author === OURS ? 7 : 8 } };
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(json === undefined ? "" : JSON.stringify(json));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

let server: Comments;

beforeEach(async () => {
  server = new Comments();
  await server.listen();
});

afterEach(() => server.close());

const forges = {
  GitHub: (token: string) =>
    forgeOf({ GITHUB_API_URL: server.url, GITHUB_REPOSITORY: "acme/chat", PULL_REQUEST: "5", GITHUB_TOKEN: token }),
  GitLab: (token: string) =>
    forgeOf({
      GITLAB_CI: "true",
      CI_API_V4_URL: server.url,
      CI_MERGE_REQUEST_PROJECT_ID: "acme/chat",
      CI_MERGE_REQUEST_IID: "5",
      GITLAB_TOKEN: token,
    }),
};

describe.each(Object.entries(forges))("the comment on %s", (name, forgeWith) => {
  const keep = (text: string) => keepComment(forgeWith("a-token"), report(text));

  it("is made where there is none, and updated from then on", async () => {
    expect(await keep("Safe")).toBe("created");
    expect(await keep("Dangerous")).toBe("updated");
    expect(server.bodies()).toEqual([`${OURS}: ## Dangerous`]);
  });

  it("is not touched where it says the same already", async () => {
    await keep("Safe");
    server.requests.length = 0;
    expect(await keep("Safe")).toBe("unchanged");
    expect(server.requests.every((request) => request.startsWith("GET"))).toBe(true);
  });

  it("is found on whatever page it stands", async () => {
    for (let count = 0; count < 5; count += 1) server.write("ada", `comment ${count}`);
    server.write(OURS, report("Safe"));
    server.write("ada", "thank you");
    expect(await keep("Dangerous")).toBe("updated");
    expect(server.bodies()).toHaveLength(7);
    expect(server.bodies()[5]).toBe(`${OURS}: ## Dangerous`);
  });

  it("is not what somebody else wrote with the same mark, nor one of another stack", async () => {
    server.write("mallory", report("All is well"));
    server.write(OURS, report("Of prod").replace("dev", "prod"));
    expect(await keep("Dangerous")).toBe("created");
    expect(server.bodies()).toEqual(["mallory: ## All is well", `${OURS}: ## Of prod`, `${OURS}: ## Dangerous`]);
  });

  it("is made anew where somebody removes it meanwhile", async () => {
    const written = server.write(OURS, report("Safe"));
    const forge = forgeWith("a-token");
    const list = forge.list.bind(forge);
    let isFirst = true;
    const slow = {
      ...forge,
      list: async () => {
        const all = await list();
        if (isFirst) server.comments = server.comments.filter(({ id }) => id !== written.id);
        isFirst = false;
        return all;
      },
    };
    expect(await keepComment(slow, report("Dangerous"))).toBe("created");
    expect(server.bodies()).toEqual([`${OURS}: ## Dangerous`]);
  });

  it("is one, however many runs there are at the same time", async () => {
    for (let round = 0; round < 5; round += 1) {
      server.comments = [];
      await Promise.all(["A", "B", "C"].map(keep));
      expect(server.comments).toHaveLength(1);
    }
  });

  it("is one where there were several", async () => {
    server.write(OURS, report("One"));
    server.write(OURS, report("Two"));
    await keep("Three");
    expect(server.bodies()).toEqual([`${OURS}: ## Three`]);
  });

  it("is not written where the token is refused, and the error says by whom, without the token", async () => {
    const refused = keepComment(forgeWith("another-token"), report("Safe"));
    await expect(refused).rejects.toThrow(/^GET http:\/\/127\.0\.0\.1:\d+\/.*: 401 Unauthorized: .*401 Unauthorized/);
    await expect(refused).rejects.not.toThrow("another-token");
  });

  it("does not send the token to where a link leads elsewhere", async () => {
    for (let count = 0; count < 5; count += 1) server.write("ada", `comment ${count}`);
    server.elsewhere = "http://localhost:1/steal";
    await expect(keep("Safe")).rejects.toThrow("led to another host: http://localhost:1/steal");
  });

  it(`is nothing but a report (${name})`, async () => {
    await expect(keepComment(forgeWith("a-token"), "# Notes\n")).rejects.toThrow("The file is no report");
    expect(server.requests).toEqual([]);
  });
});

describe("a pipeline", () => {
  it("that says not where the comment belongs is told what is missing", () => {
    expect(() => forgeOf({ GITHUB_API_URL: "https://api.github.com", PULL_REQUEST: "" })).toThrow(
      "Not set: GITHUB_REPOSITORY, PULL_REQUEST, GITHUB_TOKEN.",
    );
    expect(() => forgeOf({ GITLAB_CI: "true", CI_API_V4_URL: "https://gitlab.example.org/api/v4" })).toThrow(
      "Not set: CI_MERGE_REQUEST_PROJECT_ID, CI_MERGE_REQUEST_IID, GITLAB_TOKEN.",
    );
  });
});
