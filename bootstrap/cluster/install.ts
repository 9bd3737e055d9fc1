/** What a cluster needs on the machine: Debian packages and the programs that are built from Go modules. */
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { artifact, cacheFolder, contentHash } from "../artifact.ts";
import { installPackages, unpackPackages } from "../debian.ts";
import { goBuild, goModuleFolder } from "../go.ts";
import { buildImage, saveImage } from "./image.ts";

/** Where the parts of a cluster lie in the cache. */
export interface Programs {
  /** Folders `bin` and `cni` for the nodes, `contained` for containers, `crds` with Calico's custom resources. */
  readonly built: string;
  /** Images of the cluster's own parts, one folder each. */
  readonly images: string;
  /** Debian packages that are unpacked and not installed. */
  readonly unpacked: string;
}

const kubernetesVersion = "1.34.2";

/** Packages with the commands that are used, which start nothing, and a library that dockerd wants. */
const commands: Readonly<Record<string, string>> = {
  s6: "s6-svscan",
  iproute2: "ip",
  iptables: "iptables",
  nftables: "nft",
  ipset: "ipset",
  conntrack: "conntrack",
  ethtool: "ethtool",
  kmod: "modprobe",
  procps: "sysctl",
  openssl: "openssl",
  mount: "mount",
  "util-linux": "nsenter",
  "libdevmapper1.02.1": "/lib/x86_64-linux-gnu/libdevmapper.so.1.02.1",
};

/** Packages of daemons: an installation would start them on the machine itself, so they are only unpacked. */
const daemons = ["containerd", "docker.io", "etcd-server", "runc"];

/** Makes everything that a cluster needs, unless it is there. */
export async function install(): Promise<Programs> {
  await installPackages(commands);
  const unpacked = await artifact("debian-daemons", debianRelease(), (folder) => unpackPackages(daemons, folder));
  const version = `${kubernetesVersion}-${contentHash(modulePath, calicoModulePath)}`;
  const built = await artifact("cluster-programs", version, buildPrograms);
  linkKubectl(built);
  const imageVersion = `${version}-${contentHash(fileURLToPath(new URL("image.ts", import.meta.url)))}`;
  const images = await artifact("cluster-images", imageVersion, async (folder) => saveImages(built, folder));
  return { built, images, unpacked };
}

const modulePath = fileURLToPath(new URL("go", import.meta.url));
const calicoModulePath = fileURLToPath(new URL("go-calico", import.meta.url));

/** ID and version of the distribution, because the packages fit its libraries. */
function debianRelease(): string {
  const release = readFileSync("/etc/os-release", "utf8");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(release)?.[1] ?? "unknown";
  return `${field("ID")}-${field("VERSION_ID")}`;
}

async function buildPrograms(folder: string): Promise<void> {
  const [bin, cni, contained] = [join(folder, "bin"), join(folder, "cni"), join(folder, "contained")];
  for (const path of [bin, cni, contained]) mkdirSync(path);
  const version = [
    `k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
    `k8s.io/component-base/version.gitMajor=${kubernetesVersion.split(".")[0]}`,
    `k8s.io/component-base/version.gitMinor=${kubernetesVersion.split(".")[1]}`,
    "k8s.io/component-base/version.gitTreeState=clean",
  ];
  const calico = "github.com/projectcalico/calico";
  const plugins = "github.com/containernetworking/plugins/plugins";
  const kubernetes = { package: "./kubernetes", ldflags: version.map((value) => `-X ${value}`).join(" ") };
  const registry = { package: "github.com/distribution/distribution/v3/cmd/registry" };
  await goBuild(modulePath, { kubernetes, registry }, bin);
  await goBuild(calicoModulePath, { "calico-felix": { package: `${calico}/felix/cmd/calico-felix` } }, bin);
  await goBuild(
    modulePath,
    {
      calico: { package: `${calico}/cni-plugin/cmd/calico` },
      "host-local": { package: `${plugins}/ipam/host-local` },
      loopback: { package: `${plugins}/main/loopback` },
      portmap: { package: `${plugins}/meta/portmap` },
    },
    cni,
  );
  await goBuild(
    modulePath,
    {
      coredns: { package: "./coredns" },
      "local-path-provisioner": { package: "github.com/rancher/local-path-provisioner" },
      pause: { package: "./pause" },
      volume: { package: "./volume" },
    },
    contained,
  );
  for (const name of kubernetesPrograms) symlinkSync("kubernetes", join(bin, name));
  cpSync(join(await goModuleFolder(calicoModulePath, calico), "libcalico-go/config/crd"), join(folder, "crds"), {
    recursive: true,
  });
}

function saveImages(built: string, folder: string): void {
  for (const [name, programs] of Object.entries(systemImages)) {
    const files = programs.map((program) => [`/${program}`, join(built, "contained", program)]);
    saveImage(buildImage({ programs: Object.fromEntries(files), entrypoint: [`/${programs[0]}`] }), join(folder, name));
  }
}

/** The cluster's own images: name -> programs, the first of which is what it runs. */
const systemImages = {
  pause: ["pause"],
  coredns: ["coredns"],
  "local-path-provisioner": ["local-path-provisioner", "volume"],
} as const;

/** Names under which `kubernetes` is started. */
const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubectl",
  "kubelet",
];

/** Puts kubectl where `bootstrap/run` finds commands. */
function linkKubectl(built: string): void {
  const bin = join(cacheFolder, "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(built, "bin/kubectl"), join(bin, ".kubectl.new"));
  renameSync(join(bin, ".kubectl.new"), join(bin, "kubectl"));
}
