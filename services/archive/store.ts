/** A bucket of any S3, by the few calls that an archive needs. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, S3, type S3Args, type S3Request, type S3Response, textIn } from "../runtime/s3.ts";
import type { BucketSpecification, LockSpecification } from "./specification.ts";

export interface StoreArgs extends S3Args {
  readonly bucket: string;
}

export interface PutOptions {
  /** Whether what is there already is left. @default false */
  readonly onlyIfNew?: boolean;
  /** @default it is not locked */
  readonly lock?: LockSpecification | undefined;
}

/** One version of an object, or what says that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  readonly id: string;
  readonly deleted: boolean;
}

/** What the archive is read by. */
export type ReadableStore = Pick<Store, "get" | "keys" | "versions">;

type Call = Omit<S3Request, "bucket">;

/** Pauses before a call is made again that nobody has answered. */
const PAUSES_MS = [200, 1000];
const RETAIN_UNTIL = "x-amz-object-lock-retain-until-date";
const DAY_MS = 86_400_000;

/** What the store says where it does not do what it is told. */
export class StoreError extends Error {
  readonly status: number;

  constructor({ method, key = "" }: Call, answer: S3Response) {
    super(`the object store answers ${method} ${key} with ${answer.status}: ${codeOf(answer)}`);
    this.status = answer.status;
  }
}

/** @throws Error when a file of the account is not there */
export function openStore({ accountFolder, caFile, ...bucket }: BucketSpecification): Store {
  const read = (name: string) => readFileSync(join(accountFolder, name), "utf8").trim();
  const agent = new Agent({ keepAlive: true, ...(caFile !== undefined && { ca: readFileSync(caFile) }) });
  const account = { accessKeyId: read("access-key-id"), secretAccessKey: read("secret-access-key") };
  return new Store({ ...bucket, ...account, agent });
}

export class Store {
  private readonly s3: S3;
  private readonly args: StoreArgs;

  constructor(args: StoreArgs) {
    this.args = args;
    this.s3 = new S3(args);
  }

  /** Whether objects of the bucket can be locked. */
  async canLock(): Promise<boolean> {
    const call: Call = { method: "GET", query: { "object-lock": "" } };
    const answer = await this.ask(call);
    if (answer.status === 404) return false;
    return textIn(expected(call, answer).body.toString(), "ObjectLockEnabled") === "Enabled";
  }

  /** @returns nothing where there is no such object */
  async get(key: string): Promise<Buffer | undefined> {
    const call: Call = { method: "GET", key };
    const answer = await this.ask(call);
    return answer.status === 404 ? undefined : expected(call, answer).body;
  }

  /** Its hash, as it was given when it was put: nothing where there is no such object. */
  async hashOf(key: string): Promise<string | undefined> {
    const call: Call = { method: "HEAD", key };
    const answer = await this.ask(call);
    if (answer.status === 404) return undefined;
    const hash = expected(call, answer).headers["x-amz-meta-sha256"];
    return typeof hash === "string" ? hash : undefined;
  }

  /** Until when nobody can remove it, in milliseconds since 1970; nothing where it is not locked. */
  async lockedUntil(key: string): Promise<number | undefined> {
    const call: Call = { method: "HEAD", key };
    const answer = await this.ask(call);
    const until = answer.status === 404 ? undefined : expected(call, answer).headers[RETAIN_UNTIL];
    return typeof until === "string" ? Date.parse(until) : undefined;
  }

  /** @returns false where it was to be new and is not: then nothing is written */
  async put(key: string, body: Buffer, { onlyIfNew = false, lock }: PutOptions = {}): Promise<boolean> {
    const hash = createHash("sha256").update(body);
    const headers = {
      "x-amz-meta-sha256": hash.copy().digest("hex"),
      // A lock asks for one, and it is verified on the other side.
      "x-amz-checksum-sha256": hash.digest("base64"),
      ...(onlyIfNew && { "if-none-match": "*" }),
      ...(lock && {
        "x-amz-object-lock-mode": lock.mode,
        [RETAIN_UNTIL]: new Date(Date.now() + lock.days * DAY_MS).toISOString(),
      }),
    };
    const call: Call = { method: "PUT", key, headers, body };
    const answer = await this.ask(call);
    if (onlyIfNew && (answer.status === 412 || answer.status === 409)) return false;
    expected(call, answer);
    return true;
  }

  /** One page of keys in their order, at most 1000. @param after where it begins */
  async list(prefix: string, { after, limit = 1000 }: { after?: string; limit?: number } = {}): Promise<string[]> {
    const query = {
      "list-type": "2",
      prefix,
      "max-keys": String(limit),
      ...(after !== undefined && { "start-after": after }),
    };
    const call: Call = { method: "GET", query };
    const text = expected(call, await this.ask(call)).body.toString();
    return [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, part = ""]) => tagOf(part, "Key"));
  }

  /** All keys in their order. */
  async *keys(prefix: string, after?: string): AsyncGenerator<string> {
    for (let last = after; ; ) {
      const page = await this.list(prefix, last === undefined ? {} : { after: last });
      yield* page;
      last = page.at(-1);
      if (last === undefined) return;
    }
  }

  /** Versions of all objects below, the newest of each first; one of each where the bucket keeps no versions. */
  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    let told = new Set<string>();
    for (let marker: Readonly<Record<string, string>> | undefined = {}; marker !== undefined; ) {
      const call: Call = { method: "GET", query: { versions: "", prefix, ...marker } };
      const text = expected(call, await this.ask(call)).body.toString();
      const pattern = /<(Version|DeleteMarker)>(.*?)<\/\1>/gs;
      const page = [...text.matchAll(pattern)].map(([, kind, part = ""]) => {
        return { key: tagOf(part, "Key"), id: tagOf(part, "VersionId"), deleted: kind === "DeleteMarker" };
      });
      // Some stores begin a page with what the page before has ended with.
      for (const version of page) if (!told.has(`${version.key} ${version.id}`)) yield version;
      told = new Set(page.map(({ key, id }) => `${key} ${id}`));
      const [keyMarker, versionMarker] = [tagOf(text, "NextKeyMarker"), tagOf(text, "NextVersionIdMarker")];
      marker =
        tagOf(text, "IsTruncated") === "true" && keyMarker !== ""
          ? { "key-marker": keyMarker, ...(versionMarker !== "" && { "version-id-marker": versionMarker }) }
          : undefined;
    }
  }

  /** Removes an object for good, with all its versions. */
  async remove(key: string): Promise<void> {
    for await (const version of this.versions(key)) {
      if (version.key !== key) continue;
      const query = version.id === "" || version.id === "null" ? {} : { versionId: version.id };
      const call: Call = { method: "DELETE", key, query };
      const answer = await this.ask(call);
      if (answer.status !== 404) expected(call, answer);
    }
  }

  /** Lets nobody delete an object, until it is taken back; where the bucket has locks. */
  async hold(key: string, on: boolean): Promise<void> {
    const body = Buffer.from(`<LegalHold><Status>${on ? "ON" : "OFF"}</Status></LegalHold>`);
    const call: Call = { method: "PUT", key, query: { "legal-hold": "" }, body };
    expected(call, await this.ask(call));
  }

  close(): void {
    this.args.agent.destroy();
  }

  /** Asks again where nobody answers, or the store has trouble of its own. */
  private async ask(call: Call): Promise<S3Response> {
    const request = { ...call, bucket: this.args.bucket };
    for (const pause of PAUSES_MS) {
      const answer = await this.s3.send(request).catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      await sleep(pause);
    }
    return this.s3.send(request);
  }
}

function expected(call: Call, answer: S3Response): S3Response {
  if (answer.status < 200 || answer.status >= 300) throw new StoreError(call, answer);
  return answer;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What stands in the first such element, without elements in it; empty where there is none. */
function tagOf(xml: string, tag: string): string {
  const [, text = ""] = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml) ?? [];
  return text.replace(/&(?:(\w+)|#(\d+)|#x([0-9a-fA-F]+));/g, (_, name = "", decimal = "", hex = "") => {
    if (decimal !== "") return String.fromCodePoint(Number(decimal));
    return hex === "" ? (ENTITIES[name] ?? "") : String.fromCodePoint(Number.parseInt(hex, 16));
  });
}
