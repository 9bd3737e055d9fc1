/**
 * `make images`: builds the images of the catalogue that are missing, pushes them to the environment's registry and
 * writes `built.lock.json`. What did not change is neither built nor pushed again.
 *
 * --refresh  takes Debian's packages anew, for their security updates; everything else stays as locked
 * --only a,b builds these into the cache and stops: nothing is pushed
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { cacheFolder, dataFolder, progress, run } from "../bootstrap/artifact.ts";
import { builderSocket } from "../bootstrap/cluster/builder.ts";
import { site } from "../bootstrap/cluster/site.ts";
import { installPackages } from "../bootstrap/debian.ts";
import { type ImageName, imageNames, images } from "./catalogue.ts";
import { type Destination, destination } from "./destination.ts";
import { hasImage, loadImage } from "./docker.ts";
import { imageInputs } from "./inputs.ts";
import { type Lock, type LockEntry, lockFiles, parseLock } from "./lock.ts";
import { type BuiltImage, makeImage } from "./recipe.ts";
import { recipes } from "./recipes.ts";
import { manifestDigest, parseReference } from "./registry.ts";

const folder = import.meta.dirname;
const project = join(folder, "..");
const lockFile = join(project, lockFiles.built);
const stack = process.env.ROOST_IMAGES_STACK ?? "dev";

const { values } = parseArgs({
  options: { refresh: { type: "boolean", default: false }, only: { type: "string" } },
});

async function main(): Promise<void> {
  const wanted = values.only === undefined ? imageNames : values.only.split(",").map(imageName);
  const inputs = new Map(imageNames.map((name) => [name, imageInputs(name, folder)] as const));
  const where = destination(readRegistry());
  if (values.refresh) {
    for (const name of wanted)
      rmSync(join(cacheFolder, `image-${name}-${inputs.get(name)}`), { recursive: true, force: true });
  } else if (values.only === undefined && (await isCurrent(where, inputs))) {
    progress("images: nothing changed");
    return;
  }
  await installPackages(tools);
  const built = new Map<ImageName, BuiltImage>();
  await inPairs(wanted, async (name) => {
    built.set(name, await makeImage(name, inputs.get(name) ?? "", recipes[name]));
  });
  if (values.only !== undefined) return;
  await run(process.execPath, [join(project, "bootstrap/engine/install.ts"), "pulumi", "docker"]);
  const digests = await withDocker((socket) => push(where, built, socket));
  writeLock(where, inputs, digests);
  for (const [name, image] of built) progress(`  ${name}: ${image.tag}, ${Math.round(image.size / 1e6)} MB of files`);
}

function imageName(text: string): ImageName {
  const name = imageNames.find((known) => known === text);
  if (name === undefined) throw new Error(`--only ${text}: there is ${imageNames.join(", ")}`);
  return name;
}

const stackFile = join(folder, `Pulumi.${stack}.yaml`);

const defaultSettings = `config:
  # Where images are pushed to, as host[:port][/path]; "embedded" is the embedded cluster's own registry. One that wants
  # a sign-in gets roost-images:username and, by \`pulumi config set --secret\`, roost-images:password.
  roost-images:registry: embedded
`;

const stackSettings = z.object({ config: z.object({ "roost-images:registry": z.string() }) });

/** What the settings of the stack say; those of the default stack are written by this command. */
function readRegistry(): string {
  if (stack === "dev" && !existsSync(stackFile)) writeFileSync(stackFile, defaultSettings);
  const settings = existsSync(stackFile) ? stackSettings.safeParse(parse(readFileSync(stackFile, "utf8"))) : undefined;
  if (settings?.success) return settings.data.config["roost-images:registry"];
  throw new Error(`images/Pulumi.${stack}.yaml must say where images are pushed to: roost-images:registry: embedded`);
}

/** Whether the lock file is of these inputs, and the registry still has what it says. */
async function isCurrent(where: Destination, inputs: ReadonlyMap<ImageName, string>): Promise<boolean> {
  const lock = readLock();
  const checks = imageNames.map(async (name): Promise<boolean> => {
    const entry = lock?.images[name];
    if (entry?.digest === undefined || entry.inputs !== inputs.get(name)) return false;
    if (!entry.reference.startsWith(`${where.pullPrefix}/${name}:`)) return false;
    const pushed = entry.reference.replace(where.pullPrefix, where.pushPrefix);
    return (await manifestDigest(parseReference(pushed), where).catch(() => undefined)) === entry.digest;
  });
  return (await Promise.all(checks)).every(Boolean);
}

function readLock(): Lock | undefined {
  if (!existsSync(lockFile)) return undefined;
  try {
    return parseLock("built", JSON.parse(readFileSync(lockFile, "utf8")));
  } catch {
    // It is written anew.
    return undefined;
  }
}

/** What root file systems are made with, from the machine's own packages. */
const tools: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "python3-pip": "/usr/bin/pip3",
  maven: "mvn",
  // On Ubuntu, whose own keys do not vouch for Debian's packages.
  "debian-archive-keyring": "/usr/share/keyrings/debian-archive-keyring.gpg",
};

/** Two at a time: one waits for the network while the other computes. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** Runs `work` with a Docker daemon: the operator's by DOCKER_HOST, else one that is started for it. */
async function withDocker<T>(work: (socket: string) => Promise<T>): Promise<T> {
  const given = process.env.DOCKER_HOST;
  if (given !== undefined) {
    if (!given.startsWith("unix://"))
      throw new Error(`DOCKER_HOST=${given}: only unix:///path/of/a/socket can be used`);
    return work(given.slice("unix://".length));
  }
  const cluster = join(project, "bootstrap/cluster/main.ts");
  await run(process.execPath, [cluster, "builder", "up"]);
  try {
    return await work(builderSocket(site(dataFolder, process.env.ROOST_NETWORK)));
  } finally {
    await run(process.execPath, [cluster, "builder", "down"]);
  }
}

const stackOutput = z.record(z.string(), z.object({ tag: z.string(), digest: z.string() }));

/** Hands the images to Docker, and lets the stack push those that the registry does not have. */
async function push(
  where: Destination,
  built: ReadonlyMap<ImageName, BuiltImage>,
  socket: string,
): Promise<Readonly<Record<string, { tag: string; digest: string }>>> {
  for (const [name, image] of built) {
    const repository = `${where.pushPrefix}/${name}`;
    if (!(await hasImage({ socket }, `${repository}:${image.tag}`))) {
      await loadImage({ socket }, image.archive, image.id, repository, image.tag);
    }
  }
  progress("images: pushing…");
  const pulumi = (...args: string[]) =>
    run("pulumi", [...args, "--non-interactive", "--cwd", folder], { env: { DOCKER_HOST: `unix://${socket}` } });
  const exists = await pulumi("stack", "select", stack).then(
    () => true,
    () => false,
  );
  setSalt(exists ? saltOf(await pulumi("stack", "export", "--stack", stack)) : undefined);
  if (!exists) await pulumi("stack", "select", "--create", stack);
  // The registry or Docker may have been emptied since: what the state says is checked first.
  await pulumi("up", "--stack", stack, "--yes", "--skip-preview", "--refresh");
  return stackOutput.parse(JSON.parse(await pulumi("stack", "output", "images", "--json", "--stack", stack)));
}

const stackState = z.object({
  deployment: z.object({
    secrets_providers: z.object({ state: z.object({ salt: z.string().optional() }) }).optional(),
  }),
});

/** What the state's secrets are encrypted with, beside the passphrase. */
function saltOf(state: string): string | undefined {
  return stackState.parse(JSON.parse(state)).deployment.secrets_providers?.state.salt;
}

/**
 * Pulumi keeps the salt in the stack's settings too. Those may have been used with another state, or one that is gone;
 * as long as nothing in them is encrypted, that must not matter.
 */
function setSalt(salt: string | undefined): void {
  const settings = readFileSync(stackFile, "utf8");
  if (settings.includes("secure:")) return;
  const unsalted = settings.replace(/^encryptionsalt:.*\n?/m, "");
  writeFileSync(stackFile, salt === undefined ? unsalted : `${unsalted.trimEnd()}\nencryptionsalt: ${salt}\n`);
}

function writeLock(
  where: Destination,
  inputs: ReadonlyMap<ImageName, string>,
  digests: Readonly<Record<string, { tag: string; digest: string }>>,
): void {
  const entries = imageNames.map((name): [ImageName, LockEntry] => {
    const { tag, digest } = digests[name] ?? { tag: images[name].version, digest: undefined };
    return [name, { reference: `${where.pullPrefix}/${name}:${tag}`, digest, inputs: inputs.get(name) }];
  });
  writeFileSync(lockFile, `${JSON.stringify({ images: Object.fromEntries(entries) }, undefined, 2)}\n`);
}

await main();
