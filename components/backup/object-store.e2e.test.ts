import { Agent } from "node:https";
import { connect as connectPlain } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { codeOf, type S3, type S3Request, textIn } from "../../services/runtime/s3.ts";
import { eventually } from "../../tests/contained.ts";
import { recordFigure } from "../../tests/figures.ts";
import { issueCertificate } from "../../tests/issue-certificate.ts";
import type { TestBucket } from "./testing.ts";
import { TestObjectStore } from "./testing.ts";

jest.setTimeout(120_000);

const declared: Readonly<Record<string, TestBucket>> = {
  archive: { objectLock: true, clients: { archiver: "append", auditor: "read", keeper: "manage" } },
  exports: { clients: { exporter: "manage" } },
};

let store: TestObjectStore;

beforeAll(async () => {
  store = await TestObjectStore.start(declared, ["stranger"]);
}, 900_000);

afterAll(() => store?.stop());

/** "ok", or how it was refused. */
async function outcome(client: S3, request: Omit<S3Request, "bucket">, bucket = "archive"): Promise<string> {
  const response = await client.send({ bucket, ...request });
  return response.status < 300 ? "ok" : codeOf(response);
}

const until = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const locked = (mode: "GOVERNANCE" | "COMPLIANCE", seconds: number) => ({
  "x-amz-object-lock-mode": mode,
  "x-amz-object-lock-retain-until-date": until(seconds),
});
const DAY = 86_400;

/** Writes an object. @returns its version */
async function put(key: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await store.client("archiver").send({ method: "PUT", bucket: "archive", key, body, headers });
  if (response.status !== 200) throw new Error(`${key}: ${codeOf(response)}`);
  return String(response.headers["x-amz-version-id"]);
}

async function get(key: string, versionId?: string): Promise<string> {
  const query = versionId === undefined ? {} : { versionId };
  const response = await store.client("auditor").send({ method: "GET", bucket: "archive", key, query });
  return response.status === 200 ? response.body.toString() : codeOf(response);
}

describe("who may come in", () => {
  it("is nobody in plain text", async () => {
    const { port, hostname } = new URL(store.endpoint);
    const socket = connectPlain(Number(port), hostname);
    socket.end("GET /archive HTTP/1.1\r\nHost: store\r\n\r\n");
    expect(await text(socket).catch(() => "")).not.toMatch(/^HTTP\/1.1 2|ListBucket/);
  });

  it("is a client that itself finds the right server", async () => {
    const agent = new Agent({ ca: issueCertificate({ ca: true, issuer: "itself" }).certificatePem });
    await expect(store.client("archiver", { agent }).send({ method: "HEAD", bucket: "archive" })).rejects.toThrow(
      /certificate/,
    );
    agent.destroy();
  });

  it("is nobody with a wrong key, without one, or with one that nobody has", async () => {
    const list = { method: "GET" } as const;
    expect(await outcome(store.client("archiver", { secretAccessKey: "wrong" }), list)).toBe("SignatureDoesNotMatch");
    expect(await outcome(store.client("mallory"), list)).toBe("InvalidAccessKeyId");
    const { promise, resolve } = Promise.withResolvers<number>();
    const { get: plainGet } = await import("node:https");
    plainGet(`${store.endpoint}/archive?list-type=2`, { agent: store.agent }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    expect(await promise).toBe(403);
  });
});

describe("what somebody may do", () => {
  it("is what was declared: writing, reading, listing", async () => {
    await put("2026/11/30/batch-1", "one");
    expect(await get("2026/11/30/batch-1")).toBe("one");
    const answer = await store
      .client("auditor")
      .send({ method: "GET", bucket: "archive", query: { "list-type": "2", prefix: "2026/" } });
    expect(textIn(answer.body.toString(), "Key")).toBe("2026/11/30/batch-1");
  });

  it("is told in the log, with who did it", () => {
    const lines = store.log.split("\n").filter((line) => line.includes("2026/11/30/batch-1"));
    expect(lines).toContainEqual(expect.stringMatching(/ archiver \S+ s3_PutObject 2026/));
  });

  const object = { key: "2026/11/30/batch-1" };
  it.each<[string, string, Omit<S3Request, "bucket">]>([
    ["a stranger reads", "stranger", { method: "GET", ...object }],
    ["a stranger lists", "stranger", { method: "GET" }],
    ["a stranger writes", "stranger", { method: "PUT", key: "mine", body: "x" }],
    ["another bucket's client reads", "exporter", { method: "GET", ...object }],
    ["another bucket's client writes", "exporter", { method: "PUT", ...object, body: "x" }],
    ["a reader writes", "auditor", { method: "PUT", key: "mine", body: "x" }],
    [
      "a reader locks",
      "auditor",
      { method: "PUT", ...object, query: { retention: "" }, body: retention("GOVERNANCE", DAY) },
    ],
    ["who appends deletes", "archiver", { method: "DELETE", ...object }],
    ["who appends deletes many", "archiver", deletion(object.key)],
    ["who appends reads the policy", "archiver", { method: "GET", query: { policy: "" } }],
    ["who appends removes the policy", "archiver", { method: "DELETE", query: { policy: "" } }],
    ["who appends lets anybody in", "archiver", { method: "PUT", query: { policy: "" }, body: everybody() }],
    ["who manages lets anybody in", "keeper", { method: "PUT", query: { policy: "" }, body: everybody() }],
    ["who manages keeps no more versions", "keeper", { method: "PUT", query: { versioning: "" }, body: suspended() }],
    ["who manages removes the bucket", "keeper", { method: "DELETE" }],
    [
      "who manages opens the bucket",
      "keeper",
      { method: "PUT", query: { acl: "" }, headers: { "x-amz-acl": "public-read-write" } },
    ],
    [
      "who manages copies from another's bucket",
      "exporter",
      { method: "PUT", key: "x", headers: { "x-amz-copy-source": "/archive/2026/11/30/batch-1" } },
    ],
  ])("is nothing else: refused when %s", async (_, client, request) => {
    const bucket = request.headers?.["x-amz-copy-source"] === undefined ? "archive" : "exports";
    const refused = await refusedIn(client, request, bucket);
    expect(refused).toMatch(/^(AccessDenied|AccessControlListNotSupported)$/);
    expect(await get(object.key)).toBe("one");
  });

  it("is to make no bucket, nor to see others' buckets", async () => {
    expect(await outcome(store.client("keeper"), { method: "PUT" }, "mine")).toBe("AccessDenied");
    const seen = await store.client("keeper").send({ method: "GET" });
    expect(seen.body.toString()).not.toContain("<Name>");
  });
});

/** Of several objects S3 says in a good answer how each was refused. */
async function refusedIn(client: string, request: Omit<S3Request, "bucket">, bucket: string): Promise<string> {
  const response = await store.client(client).send({ bucket, ...request });
  const code = textIn(response.body.toString(), "Code");
  return code ?? (response.status < 300 ? "ok" : codeOf(response));
}

function retention(mode: string, seconds: number): string {
  return `<Retention><Mode>${mode}</Mode><RetainUntilDate>${until(seconds)}</RetainUntilDate></Retention>`;
}

function deletion(key: string, version?: string): Omit<S3Request, "bucket"> {
  const which = version === undefined ? "" : `<VersionId>${version}</VersionId>`;
  const body = `<Delete><Object><Key>${key}</Key>${which}</Object></Delete>`;
  return { method: "POST", query: { delete: "" }, body };
}

function everybody(): string {
  const [Effect, Principal, Action] = ["Allow", "*", "s3:*"];
  const Statement = [{ Effect, Principal, Action, Resource: ["arn:aws:s3:::archive", "arn:aws:s3:::archive/*"] }];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function suspended(): string {
  return "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
}

describe("what was written", () => {
  it("stays in its old versions, when it is written again and when it is deleted", async () => {
    const versions = [await put("letter", "first"), await put("letter", "second")];
    expect(await outcome(store.client("keeper"), { method: "DELETE", key: "letter" })).toBe("ok");
    expect(await get("letter")).toBe("NoSuchKey");
    expect(await Promise.all(versions.map((version) => get("letter", version)))).toEqual(["first", "second"]);
  });

  it("can be deleted, with its version, by who manages and by nobody else, where it is not locked", async () => {
    const versionId = await put("draft", "x");
    const remove = { method: "DELETE", key: "draft", query: { versionId } } as const;
    expect(await outcome(store.client("archiver"), remove)).toBe("AccessDenied");
    expect(await outcome(store.client("keeper"), remove)).toBe("ok");
    expect(await get("draft", versionId)).toMatch(/^NoSuch/);
  });

  it.each(["GOVERNANCE", "COMPLIANCE"] as const)(
    "and locked by %s is deleted by nobody, in no way, and its lock gets no shorter",
    async (mode) => {
      const key = `locked-${mode}`;
      const versionId = await put(key, "kept", locked(mode, DAY));
      const bypass = { "x-amz-bypass-governance-retention": "true" };
      const shorter = retention(mode, 3600);
      for (const client of ["archiver", "auditor", "keeper", "exporter", "stranger"].map((name) =>
        store.client(name),
      )) {
        const attempts: readonly Omit<S3Request, "bucket">[] = [
          { method: "DELETE", key, query: { versionId } },
          { method: "DELETE", key, query: { versionId }, headers: bypass },
          { method: "PUT", key, query: { retention: "", versionId }, body: shorter },
          { method: "PUT", key, query: { retention: "", versionId }, body: shorter, headers: bypass },
          { ...deletion(key, versionId), headers: bypass },
        ];
        for (const attempt of attempts) {
          const answer = await client.send({ bucket: "archive", ...attempt });
          const code = textIn(answer.body.toString(), "Code") ?? `HTTP ${answer.status}`;
          expect([attempt.method, attempt.query, code]).toEqual([
            attempt.method,
            attempt.query,
            expect.stringMatching(/^(AccessDenied|ObjectLocked|InvalidRequest)$/),
          ]);
        }
      }
      expect(await get(key, versionId)).toBe("kept");
      const longer = {
        method: "PUT",
        key,
        query: { retention: "", versionId },
        body: retention(mode, 2 * DAY),
      } as const;
      expect(await outcome(store.client("archiver"), longer)).toBe("ok");
    },
  );

  it("in compliance outlives the store's own account", async () => {
    const versionId = await put("evidence", "kept", locked("COMPLIANCE", DAY));
    const headers = { "x-amz-bypass-governance-retention": "true" };
    const root = store.root();
    expect(await outcome(root, { method: "DELETE", key: "evidence", query: { versionId }, headers })).not.toBe("ok");
    expect(await outcome(root, { method: "PUT", query: { versioning: "" }, body: suspended() })).not.toBe("ok");
    expect(await get("evidence", versionId)).toBe("kept");
  });

  it("can be held by who manages, and is let go by nobody else", async () => {
    const versionId = await put("held", "x");
    const hold = (status: string): Omit<S3Request, "bucket"> => ({
      method: "PUT",
      key: "held",
      query: { "legal-hold": "", versionId },
      body: `<LegalHold><Status>${status}</Status></LegalHold>`,
    });
    const remove = { method: "DELETE", key: "held", query: { versionId } } as const;
    expect(await outcome(store.client("keeper"), hold("ON"))).toBe("ok");
    expect(await outcome(store.client("archiver"), hold("OFF"))).toBe("AccessDenied");
    expect(await outcome(store.client("keeper"), remove)).not.toBe("ok");
    expect(await outcome(store.client("keeper"), hold("OFF"))).toBe("ok");
    expect(await outcome(store.client("keeper"), remove)).toBe("ok");
  });
});

describe("a name that nobody has yet", () => {
  const onlyNew = { "if-none-match": "*" };

  it("is taken once", async () => {
    const attempt = { method: "PUT", key: "manifest-1", headers: onlyNew } as const;
    expect(await outcome(store.client("archiver"), { ...attempt, body: "mine" })).toBe("ok");
    expect(await outcome(store.client("archiver"), { ...attempt, body: "yours" })).toBe("PreconditionFailed");
    expect(await get("manifest-1")).toBe("mine");
  });

  it("is taken by exactly one of several that come at once, with or without a lock", async () => {
    for (let round = 0; round < 15; round += 1) {
      const key = `race-${round}`;
      const headers = { ...onlyNew, ...(round % 2 === 0 && locked("GOVERNANCE", 60)) };
      const bodies = Array.from({ length: 4 }, (_, n) => `writer ${n} `.repeat(1000));
      const came = await Promise.all(
        bodies.map((body) => outcome(store.client("archiver"), { method: "PUT", key, body, headers })),
      );
      expect(came.filter((each) => each === "ok")).toHaveLength(1);
      expect(came.filter((each) => each !== "ok")).toEqual([
        "PreconditionFailed",
        "PreconditionFailed",
        "PreconditionFailed",
      ]);
      expect(await get(key)).toBe(bodies[came.indexOf("ok")]);
    }
  });
});

describe("the Job", () => {
  it("changes nothing when it runs again", async () => {
    expect(await store.reconcile(declared)).toEqual([
      { level: "info", event: "object store is as declared", changes: 0 },
    ]);
  });

  it("puts rights back, and takes them from who is no longer named", async () => {
    await store.root().send({ method: "PUT", bucket: "archive", query: { policy: "" }, body: everybody() });
    expect(await outcome(store.client("stranger"), { method: "GET" })).toBe("ok");
    const { clients: _, ...archive } = { ...declared.archive };
    const fewer = { archive: { ...archive, clients: { auditor: "read" as const } } };
    const told = await store.reconcile(fewer);
    expect(told.map(({ change, what }) => change ?? what).filter((each) => each !== undefined)).toEqual([
      "bucket archive: read auditor; readObjects auditor",
      "bucket exports is nobody's",
      "bucket exports is not declared, and was left with all that is in it",
    ]);
    for (const [client, bucket] of [
      ["stranger", "archive"],
      ["archiver", "archive"],
      ["exporter", "exports"],
    ] as const)
      expect(await outcome(store.client(client), { method: "GET" }, bucket)).toBe("AccessDenied");
    expect((await store.reconcile(declared)).at(-1)).toMatchObject({ changes: 2 });
  });
});

describe("a restart", () => {
  it("loses nothing: objects, versions, locks, rights", async () => {
    const versions = [await put("kept", "first", locked("GOVERNANCE", DAY)), await put("kept", "second")];
    await store.end("SIGTERM");
    await store.run();
    expect(await Promise.all(versions.map((version) => get("kept", version)))).toEqual(["first", "second"]);
    const [versionId = ""] = versions;
    expect(await outcome(store.client("keeper"), { method: "DELETE", key: "kept", query: { versionId } })).not.toBe(
      "ok",
    );
    expect(await outcome(store.client("stranger"), { method: "GET" })).toBe("AccessDenied");
    expect((await store.reconcile(declared)).at(-1)).toMatchObject({ changes: 0 });
  });

  it("after a crash in the midst of writing shows whole objects alone, and all that were acknowledged", async () => {
    const body = "0123456789abcdef".repeat(65_536);
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n += 1) {
        const key = `crash/${writer}-${n}`;
        const came = await outcome(store.client("archiver"), { method: "PUT", key, body }).catch(() => "gone");
        if (came !== "ok") return;
        acknowledged.push(key);
      }
    });
    await eventually("some are written", 60, () => acknowledged.length > 12);
    const started = Date.now();
    await store.end("SIGKILL");
    await Promise.all(writers);
    await store.run();
    recordFigure("e2e", "object_store_restart_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
    const listing = await store
      .client("auditor")
      .send({ method: "GET", bucket: "archive", query: { "list-type": "2", prefix: "crash/" } });
    const seen = [...listing.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);
    expect(seen).toEqual(expect.arrayContaining(acknowledged));
    for (const key of seen) expect([key, (await get(key)) === body]).toEqual([key, true]);
  });
});
