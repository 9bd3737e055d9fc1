/** The Docker daemon's API on its Unix socket, as far as it is needed to hand images over to it. */
import { createReadStream } from "node:fs";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

export interface DockerDaemon {
  readonly socket: string;
}

/** Whether the daemon has the image, by reference or id. */
export async function hasImage(daemon: DockerDaemon, image: string): Promise<boolean> {
  return (await call(daemon, "GET", `/images/${image}/json`)).status === 200;
}

/** `docker load`, then `docker tag`. */
export async function loadImage(
  daemon: DockerDaemon,
  archive: string,
  id: string,
  repository: string,
  tag: string,
): Promise<void> {
  const loaded = await call(daemon, "POST", "/images/load?quiet=1", archive);
  if (loaded.status !== 200 || loaded.body.includes('"error"')) throw refused(daemon, `load ${archive}`, loaded);
  const query = new URLSearchParams({ repo: repository, tag });
  const tagged = await call(daemon, "POST", `/images/${id}/tag?${query}`);
  if (tagged.status !== 201) throw refused(daemon, `tag ${id} as ${repository}:${tag}`, tagged);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function refused(daemon: DockerDaemon, what: string, { status, body }: Answer): Error {
  return new Error(`Docker at ${daemon.socket} did not ${what}: ${status} ${body.trim()}`);
}

async function call(daemon: DockerDaemon, method: string, path: string, file?: string): Promise<Answer> {
  const headers = file === undefined ? {} : { "Content-Type": "application/x-tar" };
  const sent = request({ socketPath: daemon.socket, method, path: `/v1.41${path}`, headers });
  const answered = answer(sent, daemon);
  if (file === undefined) sent.end();
  else await pipeline(createReadStream(file), sent);
  const response = await answered;
  return { status: response.statusCode ?? 0, body: await text(response) };
}

function answer(sent: ClientRequest, daemon: DockerDaemon): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.once("response", resolve);
  sent.once("error", (error) =>
    reject(
      new Error(
        `Docker at ${daemon.socket} could not be reached: ${error.message}. Set DOCKER_HOST=unix://… to use another.`,
      ),
    ),
  );
  return promise;
}
