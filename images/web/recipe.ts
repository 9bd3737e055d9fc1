import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const web: Recipe = {
  async fill(root) {
    await debianFiles(root, {
      packages: ["nginx"],
      without: [
        "iproute2",
        "libbpf1",
        "libcap2-bin",
        "libelf1t64",
        "libmnl0",
        "libtirpc-common",
        "libtirpc3t64",
        "libxtables12",
      ],
      programs: ["nginx"],
      settings: ["nginx"],
      unused: ["usr/share/nginx/html", "usr/share/vim"],
    });
    const settings = join(root, "etc/nginx");
    for (const name of readdirSync(settings))
      if (name !== "mime.types") rmSync(join(settings, name), { recursive: true });
    await buildClient(root, `${root}.client`);
    return images.web.version;
  },
};

/** Builds the page into /app, away from the sources, with exactly the packages of the lock file. */
async function buildClient(root: string, folder: string): Promise<void> {
  const sources = ["index.html", "main.js", "page.css", "package.json", "package-lock.json", "vite.config.js"];
  for (const file of sources) cpSync(join(import.meta.dirname, file), join(folder, file));
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  const vite = join(folder, "node_modules/vite/bin/vite.js");
  await run(process.execPath, [vite, "build", "--outDir", join(root, "app")], { cwd: folder });
  writeFileSync(join(root, "app", "licences.txt"), licences(join(folder, "node_modules")));
}

const packageJson = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** The licences of the packages that the page consists of, starting with those that it asks for itself. */
function licences(packages: string): string {
  const texts = new Map<string, string>();
  const add = (name: string): void => {
    if (texts.has(name)) return;
    const folder = join(packages, name);
    const about = packageJson.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const content = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
    texts.set(
      name,
      [`=== ${about.name} ${about.version}: ${about.license ?? "licence below"}`, ...content].join("\n\n"),
    );
    for (const dependency of Object.keys(about.dependencies ?? {})) {
      if (existsSync(join(packages, dependency))) add(dependency);
    }
  };
  for (const name of ["hydrogen-view-sdk", "@matrix-org/olm"]) add(name);
  return `${[...texts.values()].join("\n\n")}\n`;
}
