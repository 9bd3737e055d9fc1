import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

/** What pip is told about the Python that the packages are for, which is not the one that it runs on. */
export const target: readonly string[] = [
  "--only-binary=:all:",
  "--implementation=cp",
  "--python-version=3.13",
  ...["cp313", "abi3", "none"].map((abi) => `--abi=${abi}`),
  ...["2_34", "2_28", "2_27", "2_26", "2_17", "2_5"].map((glibc) => `--platform=manylinux_${glibc}_x86_64`),
  ...["manylinux2014", "manylinux1"].map((platform) => `--platform=${platform}_x86_64`),
];

export const synapse: Recipe = {
  async fill(root) {
    await debianFiles(root, {
      packages: ["python3", "python3-psycopg2", "libjemalloc2", "tzdata", "libc-bin", "media-types"],
      without: ["libncursesw6", "libreadline8t64", "readline-common", "netbase"],
      programs: ["python3", "python3.13"],
      settings: ["python3.13", "mime.types"],
      unused: [
        ...["ensurepip", "idlelib", "pydoc_data", "test", "turtledemo", "lib2to3"].map(
          (name) => `usr/lib/python3.13/${name}`,
        ),
        "usr/share/python3",
        "usr/share/python-wheels",
        "usr/share/applications",
        "usr/share/icons",
      ],
    });
    await removeModules(join(root, "usr/lib/python3.13/lib-dynload"), /^(readline|_curses|_dbm|_test|xxlimited)/);
    const packages = join(root, "usr/local/lib/python3.13/dist-packages");
    await installPackages(packages, join(import.meta.dirname, "requirements.lock"));
    await compile(root);
    return images.synapse.version;
  },
};

async function removeModules(folder: string, names: RegExp): Promise<void> {
  for (const file of readdirSync(folder)) if (names.test(file)) rmSync(join(folder, file));
}

async function installPackages(folder: string, lock: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const locked = ["--no-deps", "--require-hashes", "--requirement", lock];
  await run("/usr/bin/python3", [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-compile",
    ...target,
    "--target",
    folder,
    ...locked,
  ]);
  // Scripts name the Python that installed them; everything is run with `python3 -m`. RECORD lists the scripts.
  const unused =
    "rm -rf bin phonenumbers/{carrierdata,geodata,tzdata}; find . \\( -name tests -o -name test \\) -type d -prune -exec rm -rf {} +; find . -name RECORD -delete";
  await run("bash", ["-c", unused], { cwd: folder });
}

/** Bytecode, since a read-only container could not keep its own; found valid without a look at the source's time. */
async function compile(root: string): Promise<void> {
  const folders = ["/usr/lib/python3.13", "/usr/lib/python3/dist-packages", "/usr/local/lib/python3.13"];
  const options = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"];
  await run("chroot", [root, "/usr/bin/python3", ...options, ...folders], { env: { PYTHONHASHSEED: "0" } });
}
