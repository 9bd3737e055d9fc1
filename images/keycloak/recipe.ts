import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import { javaRuntime } from "../java/runtime.ts";
import type { Recipe } from "../recipe.ts";
import { buildOptions, builtWithFile } from "./build-options.ts";

/** Of `keycloak-quarkus-dist-<version>.zip`. */
const sha256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f";

/** Where upstream's image has Keycloak too. */
const home = "opt/keycloak";

export const keycloak: Recipe = {
  async fill(root) {
    // What `kc.sh` calls, and what the pod's start script copies with.
    const programs = ["chmod", "cp", "dirname", "printf", "readlink", "sed", "uname", "xargs"];
    await javaRuntime(root, ["findutils", "sed"], programs);
    await trustedAuthorities(root);
    await unpack(root, `${root}.keycloak`);
    await build(root);
    return images.keycloak.version;
  },
};

/** Java's own form of the authorities that the rest of the image trusts, as ca-certificates-java makes it on installation. */
async function trustedAuthorities(root: string): Promise<void> {
  const bundle = readFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), "utf8");
  const folder = join(root, "authorities");
  mkdirSync(folder);
  mkdirSync(join(root, "etc/ssl/certs/java"), { recursive: true });
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const names = certificates.map((certificate, index) => {
    writeFileSync(join(folder, `${index}.crt`), `${certificate}\n`);
    return `/authorities/${index}.crt`;
  });
  const jar = "/usr/share/ca-certificates-java/ca-certificates-java.jar";
  const input = names.map((name) => `+${name}\n`).join("");
  await inside(root, ["java", "-Xmx64m", "-jar", jar, "-storepass", "changeit"], input);
  rmSync(folder, { recursive: true });
  if (!existsSync(join(root, "etc/ssl/certs/java/cacerts")))
    throw new Error("Java's trusted authorities were not made");
}

/** Keycloak as its project publishes it, from Maven Central. */
async function unpack(root: string, folder: string): Promise<void> {
  const { version } = images.keycloak;
  const name = `keycloak-quarkus-dist-${version}.zip`;
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
  await run("mvn", ["--quiet", "--batch-mode", copy, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  const found = createHash("sha256")
    .update(readFileSync(join(folder, name)))
    .digest("hex");
  if (found !== sha256) throw new Error(`The SHA-256 of ${name} is ${found}, not ${sha256}`);
  await run("/usr/bin/python3", ["-m", "zipfile", "-e", join(folder, name), folder]);
  mkdirSync(join(root, "opt"), { recursive: true });
  renameSync(join(folder, `keycloak-${version}`), join(root, home));
  rmSync(folder, { recursive: true });
  const bin = join(root, home, "bin");
  for (const file of readdirSync(bin)) if (file !== "kc.sh") rmSync(join(bin, file), { recursive: true });
  chmodSync(join(bin, "kc.sh"), 0o755);
}

/** Fixes what it is, so that it starts in seconds and writes nothing into its own folder. */
async function build(root: string): Promise<void> {
  await inside(root, [`/${home}/bin/kc.sh`, "build", ...buildOptions]);
  const main = join(root, home, "lib/lib/main");
  for (const file of readdirSync(main)) if (otherDatabases.test(file)) rmSync(join(main, file));
  rmSync(join(root, home, "data"), { recursive: true, force: true });
  writeFileSync(join(root, home, builtWithFile), `${buildOptions.join(" ")}\n`);
}

/** Drivers of databases that it was not built for. */
const otherDatabases =
  /^(com\.microsoft\.sqlserver\.mssql-jdbc|com\.mysql\.mysql-connector|com\.h2database\.h2|org\.mariadb\.jdbc\.mariadb)/;

/** Runs a program of the root file system; the virtual machine wants to see its processes. */
async function inside(root: string, command: readonly string[], input = ""): Promise<void> {
  mkdirSync(join(root, "proc"), { recursive: true });
  mkdirSync(join(root, "dev"), { recursive: true });
  mkdirSync(join(root, "tmp"), { recursive: true });
  const script =
    'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && root="$1" && shift && exec chroot "$root" "$@"';
  const path = images.keycloak.path.join(":");
  await run("unshare", ["--mount", "--pid", "--fork", "sh", "-c", script, "sh", root, ...command], {
    input,
    env: { PATH: `${path}:/usr/local/sbin`, KC_RUN_IN_CONTAINER: "true", JAVA_HOME: "", LANG: "C.UTF-8" },
  });
  rmSync(join(root, "tmp"), { recursive: true, force: true });
}
