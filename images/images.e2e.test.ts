/** The images as they are: built, pushed, and started the way that the environment starts them. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { dataFolder, run } from "../bootstrap/artifact.ts";
import { builderSocket } from "../bootstrap/cluster/builder.ts";
import { site } from "../bootstrap/cluster/site.ts";
import { recordFigure } from "../tests/figures.ts";
import { type ImageName, imageNames, images, upstreamOnly } from "./catalogue.ts";
import { type Destination, destination } from "./destination.ts";
import { hasImage, loadImage } from "./docker.ts";
import { imageInputs } from "./inputs.ts";
import { imageReferences, lockFiles, parseLock } from "./lock.ts";
import { type BuiltImage, builtImage } from "./recipe.ts";

const project = join(__dirname, "..");
const node = process.execPath;
const given = process.env.DOCKER_HOST?.replace("unix://", "");
const socket = given ?? builderSocket(site(dataFolder, process.env.ROOST_NETWORK));
const where: Destination = destination(process.env.ROOST_TEST_REGISTRY ?? "embedded");

/** Programs that must be there and work, each of them with a part of what the environment needs of it. */
const trials: Readonly<Record<ImageName, readonly string[]>> = {
  postgres: ["sh", "-c", "postgres --version && initdb --version && pg_rewind --version && locale -a"],
  "cloudnative-pg": ["/manager", "version"],
  synapse: [
    "python3",
    "-c",
    "import authlib, hiredis, os, psycopg2, psycopg2.extensions, synapse.app.generic_worker, synapse.app.homeserver, txredisapi; assert os.getuid() == 991; print('works')",
  ],
  haproxy: ["sh", "-c", "haproxy -vv && sha256sum /etc/passwd && sleep 0"],
  web: ["nginx", "-e", "/dev/stderr", "-V"],
  keycloak: ["/opt/keycloak/bin/kc.sh", "show-config"],
  node: ["node", "-e", "require('node:tls').rootCertificates.length > 100 && console.log(process.version)"],
  openldap: ["sh", "-c", "slapd -VVV && ldapsearch -VV && cat /etc/ldap/schema/inetorgperson.schema"],
  prometheus: ["prometheus", "--version"],
  alertmanager: ["alertmanager", "--version"],
  "node-exporter": ["node_exporter", "--version"],
  "blackbox-exporter": ["blackbox_exporter", "--version"],
  "kube-state-metrics": ["/kube-state-metrics", "version"],
  kafka: ["sh", "-c", "openssl version && java -cp '/opt/kafka/libs/*' org.apache.kafka.tools.TopicCommand --version"],
  "kafka-connect": [
    "sh",
    "-c",
    "openssl version && cat /opt/kafka/connect/debezium-connector-postgres/README.md && java -version",
  ],
  loki: ["loki", "-version"],
  "otel-collector": ["/otelcol-contrib", "components"],
  versitygw: ["sh", "-c", "mkdir -p /tmp/objects && versitygw --version"],
};

/** The largest size of each image's files, in MiB: what comes in by mistake is seen here. */
const sizeLimits: Readonly<Record<ImageName, number>> = {
  postgres: 110,
  "cloudnative-pg": 80,
  synapse: 230,
  haproxy: 35,
  web: 35,
  keycloak: 430,
  node: 145,
  openldap: 35,
  prometheus: 200,
  alertmanager: 100,
  "node-exporter": 30,
  "blackbox-exporter": 40,
  "kube-state-metrics": 70,
  kafka: 330,
  "kafka-connect": 330,
  loki: 200,
  "otel-collector": 80,
  versitygw: 80,
};

function builtOf(name: ImageName): BuiltImage {
  const image = builtImage(name, imageInputs(name, __dirname));
  if (image === undefined) throw new Error(`${name} is not built`);
  return image;
}

beforeAll(async () => {
  await run(node, ["images/build.ts"], { cwd: project });
  if (given === undefined) await run(node, ["bootstrap/cluster/main.ts", "builder", "up"], { cwd: project });
  for (const name of imageNames) {
    const { archive, id, tag } = builtOf(name);
    const repository = `${where.pushPrefix}/${name}`;
    if (!(await hasImage({ socket }, `${repository}:${tag}`)))
      await loadImage({ socket }, archive, id, repository, tag);
  }
}, 1_800_000);

afterAll(async () => {
  if (given === undefined) await run(node, ["bootstrap/cluster/main.ts", "builder", "down"], { cwd: project });
}, 120_000);

describe.each(imageNames)("image %s", (name) => {
  it("runs as a fixed account that is not root, with a read-only root, no capability and no network", async () => {
    const { id } = builtOf(name);
    const { exitCode, output } = await runContainer(id, trials[name]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).not.toBe("");
  }, 120_000);

  it("is small, and holds no compiler, no package tool and no program that gives more rights", async () => {
    const image = builtOf(name);
    const size = image.size / 2 ** 20;
    recordFigure("e2e", `image_${name.replaceAll("-", "_")}_mib`, {
      value: size,
      unit: "MiB",
      n: 1,
      note: "uncompressed",
    });
    expect(size).toBeLessThan(sizeLimits[name]);
    const entries = (await run("bash", ["-c", 'tar -xOf "$1" layer.tar | tar -tv', "bash", image.archive])).split("\n");
    const tool = /\/(gcc|g\+\+|cc1|cc|ld|as|make|go|rustc|apt|apt-get|dpkg|pip3?|npm|node|perl|curl|wget)( -> .*)?$/;
    const found = entries.filter((entry) => tool.test(entry) && !(name === "node" && entry.endsWith("/bin/node")));
    expect(found).toEqual([]);
    expect(entries.filter((entry) => /^-..s|^-.....s/.test(entry))).toEqual([]);
    expect(entries.filter((entry) => /^[-d].......w/.test(entry)).map((entry) => entry.split(" ").at(-1))).toEqual([
      "./tmp/",
    ]);
  });

  it("says what it is in its labels, and brings the licences of what it holds", async () => {
    const { archive, id } = builtOf(name);
    const configuration: unknown = JSON.parse(await run("tar", ["-xOf", archive, `${id.replace("sha256:", "")}.json`]));
    const { uid, gid } = images[name].account;
    expect(configuration).toMatchObject({
      config: {
        User: `${uid}:${gid}`,
        Labels: {
          "org.opencontainers.image.title": images[name].title,
          "org.opencontainers.image.version": expect.stringContaining(images[name].version),
          "org.opencontainers.image.licenses": images[name].licence,
          "org.opencontainers.image.source": images[name].source,
        },
      },
    });
    const files = await run("bash", ["-c", 'tar -xOf "$1" layer.tar | tar -t', "bash", archive]);
    expect(files).toMatch(/\/copyright\n|\/NOTICES\.txt\n/);
  });
});

describe("the lock file", () => {
  it("has the digests that the registry has", async () => {
    const references = imageReferences("built", JSON.parse(readFileSync(join(project, lockFiles.built), "utf8")));
    for (const name of imageNames) {
      const digest = references[name].split("@")[1];
      const response = await fetch(`http://${where.host}/v2/${name}/manifests/${digest}`, {
        headers: { Accept: "application/vnd.docker.distribution.manifest.v2+json" },
      });
      expect({ name, status: response.status }).toEqual({ name, status: 200 });
    }
  });

  it("is not written again when nothing changed, which takes no time", async () => {
    const before = readFileSync(join(project, lockFiles.built), "utf8");
    const started = Date.now();
    await run(node, ["images/build.ts"], { cwd: project });
    recordFigure("e2e", "images_unchanged_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(readFileSync(join(project, lockFiles.built), "utf8")).toBe(before);
  }, 60_000);
});

it("gives the same digest again from the same inputs", async () => {
  const cache = mkdtempSync(join(tmpdir(), "images-cache-"));
  try {
    await run(node, ["images/build.ts", "--only", "haproxy"], { cwd: project, env: { ROOST_CACHE: cache } });
    const folder = join(cache, `image-haproxy-${imageInputs("haproxy", __dirname)}`);
    const again: unknown = JSON.parse(readFileSync(join(folder, "image.json"), "utf8"));
    expect(again).toMatchObject({ id: builtOf("haproxy").id });
  } finally {
    rmSync(cache, { recursive: true });
  }
}, 300_000);

it("resolves upstream tags to digests, through a mirror", async () => {
  const { id } = builtOf("haproxy");
  const mirror = `${where.host}/mirror`;
  const upstream = [...imageNames.map((name) => images[name].upstream), ...Object.values(upstreamOnly)];
  for (const reference of upstream) await pushAs(id, `${mirror}/${reference}`);
  const folder = mkdtempSync(join(tmpdir(), "images-lock-"));
  const output = join(folder, "lock.json");
  try {
    const options = ["--mirror", mirror, "--plain-http", "--output", output];
    await run(node, ["images/resolve.ts", ...options], { cwd: project });
    const lock = JSON.parse(readFileSync(output, "utf8"));
    const references = imageReferences("upstream", lock);
    const built = parseLock("built", JSON.parse(readFileSync(join(project, lockFiles.built), "utf8")));
    expect(references.web).toBe(`${images.web.upstream}@${built.images.haproxy?.digest}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

it("leaves the lock file alone, naming each image, when a registry cannot be reached", async () => {
  const output = join(tmpdir(), "images-never-written.json");
  const options = ["--mirror", "127.0.0.1:1/mirror", "--plain-http", "--output", output];
  const attempt = run(node, ["images/resolve.ts", ...options], { cwd: project });
  await expect(attempt).rejects.toThrow(/synapse: 127\.0\.0\.1:1 could not be reached/);
  expect(existsSync(output)).toBe(false);
}, 60_000);

/** Runs a command in a container that has what a restricted pod has, and nothing more. */
async function runContainer(image: string, command: readonly string[]): Promise<{ exitCode: unknown; output: string }> {
  const created = await docker("POST", "/containers/create", {
    Image: image,
    Cmd: command,
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      NetworkMode: "none",
      Tmpfs: { "/tmp": "" },
    },
  });
  const { Id: id } = JSON.parse(created.toString());
  try {
    await docker("POST", `/containers/${id}/start`);
    const { StatusCode: exitCode } = JSON.parse((await docker("POST", `/containers/${id}/wait`)).toString());
    return { exitCode, output: (await docker("GET", `/containers/${id}/logs?stdout=1&stderr=1`)).toString() };
  } finally {
    await docker("DELETE", `/containers/${id}?force=1`);
  }
}

async function pushAs(id: string, reference: string): Promise<void> {
  const [repository = "", tag = ""] = [reference.slice(0, reference.lastIndexOf(":")), reference.split(":").at(-1)];
  await docker("POST", `/images/${id}/tag?${new URLSearchParams({ repo: repository, tag })}`);
  const answer = await docker("POST", `/images/${repository}/push?tag=${tag}`);
  expect(answer.toString()).not.toContain("errorDetail");
  await docker("DELETE", `/images/${repository}:${tag}`);
}

async function docker(method: string, path: string, body?: object): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const headers = { "Content-Type": "application/json", "X-Registry-Auth": "e30=" };
  const sent = request({ socketPath: socket, method, path: `/v1.41${path}`, headers }, (response) => {
    buffer(response).then((answer) => {
      if ((response.statusCode ?? 0) < 400) resolve(answer);
      else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer.toString()}`));
    }, reject);
  });
  sent.on("error", reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}
