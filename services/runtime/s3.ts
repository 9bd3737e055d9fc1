/**
 * A client of S3 that signs what it sends: one request, one answer, over TLS that trusts what the agent trusts.
 * @source https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type Agent, request } from "node:https";
import { buffer } from "node:stream/consumers";

export interface S3Args {
  /** `https://host[:port]`, without a path. */
  readonly endpoint: string;
  readonly region: string;
  /** Whether a bucket stands in the path, or before the host name. */
  readonly pathStyle: boolean;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly agent: Agent;
  /** @default 60000 */
  readonly timeoutMs?: number;
}

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** @default the store itself */
  readonly bucket?: string;
  /** @default the bucket itself */
  readonly key?: string;
  /** Subresources and parameters: `{ versioning: "" }`. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface S3Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a request is told to be by whoever computes its signature. */
export interface Signing {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly now: Date;
}

export class S3 {
  private readonly args: S3Args;

  constructor(args: S3Args) {
    this.args = args;
  }

  /** @throws Error when no answer comes; an answer that refuses is an answer */
  async send({ method, bucket, key = "", query = {}, headers = {}, body }: S3Request): Promise<S3Response> {
    const { endpoint, pathStyle, agent, timeoutMs = 60_000 } = this.args;
    const url = new URL(endpoint);
    const inPath = bucket !== undefined && pathStyle ? `/${bucket}` : "";
    const host = bucket !== undefined && !pathStyle ? `${bucket}.${url.host}` : url.host;
    const path = inPath === "" ? `/${key}` : `${inPath}${key === "" ? "" : `/${key}`}`;
    const content = Buffer.from(body ?? "");
    const given = { ...headers, ...(body !== undefined && { "content-md5": hash("md5", content, "base64") }) };
    const signed = signedHeaders({
      ...this.args,
      method,
      host,
      path,
      query,
      headers: given,
      body: content,
      now: new Date(),
    });
    const { promise, resolve, reject } = Promise.withResolvers<S3Response>();
    const target = `https://${host}${encodePath(path)}${queryText(query)}`;
    const outgoing = request(
      target,
      {
        method,
        agent,
        headers: { ...signed, "content-length": content.byteLength },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const { statusCode = 0, headers: answered } = response;
        buffer(response).then((all) => resolve({ status: statusCode, headers: answered, body: all }), reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(content);
    return promise;
  }
}

/** The code of an answer that refuses, as S3 names it: `NoSuchBucket`; else its status. */
export function codeOf({ status, body }: Pick<S3Response, "status" | "body">): string {
  return textIn(body.toString(), "Code") ?? `HTTP ${status}`;
}

/** What stands in the first element of that name. */
export function textIn(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}

/** The headers of a request with those that sign it, all of them signed. */
export function signedHeaders(signing: Signing): Record<string, string> {
  const { method, host, path, query, body, region, accessKeyId, secretAccessKey, now } = signing;
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const content = hash("sha256", body, "hex");
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(signing.headers).map(([name, value]) => [name.toLowerCase(), value.trim()])),
    host,
    "x-amz-content-sha256": content,
    "x-amz-date": time,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    encodePath(path),
    queryText(query).slice(1),
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    content,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, hash("sha256", canonical, "hex")].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function hash(algorithm: "md5" | "sha256", content: string | Uint8Array, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(content).digest(encoding);
}

function encodePath(path: string): string {
  return path.split("/").map(encode).join("/");
}

function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.sort().join("&")}`;
}

/** As RFC 3986 has it: S3 signs more than `encodeURIComponent` encodes. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
