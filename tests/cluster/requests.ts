import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { SecureVersion } from "node:tls";
import { connect } from "node:tls";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A certificate and its key, in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Question {
  /** What the server's certificate is verified with, in PEM. */
  readonly caFile: string;
  /** What is shown to a server that asks for a certificate. @default none */
  readonly client?: ClientCertificate;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Name that the server's certificate is for, where it is reached by another. @default the URL's */
  readonly serverName?: string;
  /** The path as it is sent, where a URL would be brought into its shortest form. @default the URL's */
  readonly rawPath?: string;
  /** Whose connections are used. @default a connection of its own */
  readonly agent?: Agent;
  /** @default 30 */
  readonly timeoutSeconds?: number;
}

/** One HTTPS request. */
export function ask(url: string, question: Question): Promise<Answer> {
  const { timeoutSeconds = 30 } = question;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port, pathname, search } = new URL(url);
  const outgoing = request(
    {
      hostname,
      // Not what the Host header says, which may be of somebody else.
      servername: question.serverName ?? hostname,
      port: port === "" ? 443 : Number(port),
      path: question.rawPath ?? `${pathname}${search}`,
      method: question.method ?? "GET",
      headers: {
        ...(question.body !== undefined && { "content-length": Buffer.byteLength(question.body) }),
        ...question.headers,
      },
      agent: question.agent ?? new Agent({ keepAlive: false, ...trust(question.caFile), ...question.client }),
      timeout: timeoutSeconds * 1000,
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    },
  );
  outgoing.on("timeout", () => outgoing.destroy(new Error(`${url} did not answer within ${timeoutSeconds} s`)));
  outgoing.on("error", reject);
  outgoing.end(question.body);
  return promise;
}

/** Connections that are kept for one request after the other. */
export function keptConnections(caFile: string): Agent {
  return new Agent({ keepAlive: true, ...trust(caFile) });
}

export function askJson(url: string, question: Question & { readonly json: unknown }): Promise<Answer> {
  return ask(url, {
    method: "POST",
    ...question,
    headers: { "content-type": "application/json", ...question.headers },
    body: JSON.stringify(question.json),
  });
}

/** What a TLS handshake came to. */
export interface Handshake {
  readonly protocol: string;
  /** SHA-256 of the server's certificate. */
  readonly fingerprint: string;
}

/** Makes a TLS connection of one version, and verifies the server. @throws Error when it is refused */
export function shakeHands(url: string, caFile: string, version: SecureVersion): Promise<Handshake> {
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  const { hostname, port } = new URL(url);
  const socket = connect(
    {
      host: hostname,
      port: Number(port === "" ? 443 : port),
      servername: hostname,
      ...trust(caFile),
      minVersion: version,
      maxVersion: version,
      // Otherwise it is this side that refuses the old versions.
      ciphers: "DEFAULT@SECLEVEL=0",
      timeout: 10_000,
    },
    () => {
      resolve({ protocol: socket.getProtocol() ?? "", fingerprint: socket.getPeerCertificate().fingerprint256 });
      socket.end();
    },
  );
  socket.on("timeout", () => socket.destroy(new Error(`${url}: no handshake within 10 s`)));
  socket.on("error", reject);
  return promise;
}

/** The authorities in the file are trusted whoever has issued them. */
function trust(caFile: string) {
  return { ca: readFileSync(caFile), allowPartialTrustChain: true };
}
