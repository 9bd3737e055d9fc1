/** Machines of each family, made of those that all tests share, and secrets that are none. */
import type { HostNetwork, OperatingSystem, Pool, Server } from "../model.ts";
import { controlPlanes, edge, office, storage, tower, workers } from "../testing.ts";
import type { ClusterSecrets, MachineSecrets, MetricsIdentity } from "./secrets.ts";

const [controlPlane] = controlPlanes;
const [worker] = workers;

/** Machines as different as possible. */
const originals: readonly Server[] = [office, tower, controlPlane, worker, storage, edge];

const SYSTEM_PURPOSES = ["root", "swap", "home", "tmp", "var", "log", "audit"];

/** The machine when its system came with an image: what is left of the system's pool is one of data. */
function onImage(server: Server): Server["storage"] {
  const { system, pools } = server.storage;
  if (system.kind === "image") return server.storage;
  const kept = pools.map((pool): Pool => {
    const volumes = pool.volumes.filter(({ purpose }) => !SYSTEM_PURPOSES.includes(purpose));
    return pool.name === system.pool ? { ...pool, name: "fast", volumes } : pool;
  });
  return { system: { kind: "image" }, pools: kept };
}

/** The machine when an installer makes its system: on two disks of its own where it had an image. */
function installed(server: Server): Server["storage"] {
  const [pool] = office.storage.pools;
  if (server.storage.system.kind === "pool" || pool === undefined) return server.storage;
  return { system: office.storage.system, pools: [pool, ...server.storage.pools] };
}

function withSystem(server: Server, operatingSystem: OperatingSystem): Server {
  const renderer: HostNetwork["renderer"] =
    operatingSystem.distribution === "debian" || operatingSystem.distribution === "ubuntu"
      ? "netplan"
      : "networkmanager";
  const storageLayout = operatingSystem.installer === "cloud-init" ? onImage(server) : installed(server);
  return { ...server, operatingSystem, storage: storageLayout, network: { ...server.network, renderer } };
}

const locale = { locale: "en_US.UTF-8", timeZone: "Etc/UTC" } as const;

export const debianImages: readonly Server[] = originals.map((server, at) => {
  const release = at % 2 === 0 ? "13" : "12";
  return withSystem(server, { ...locale, distribution: "debian", release, installer: "cloud-init" });
});
export const debianInstalled: readonly Server[] = originals.map((server) =>
  withSystem(server, { ...locale, distribution: "debian", release: "13", installer: "preseed" }),
);
export const ubuntuInstalled: readonly Server[] = originals.map((server) =>
  withSystem(server, { ...locale, distribution: "ubuntu", release: "24.04", installer: "autoinstall" }),
);
export const redhatInstalled: readonly Server[] = originals.map((server, at) => {
  const distribution = at % 2 === 0 ? "rocky" : "almalinux";
  return withSystem(server, { ...locale, distribution, release: "9", installer: "kickstart" });
});

/** A certificate of nobody, which kubeadm's hash is computed from. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASegAwIBAgIUeJb6k2I6cQSiwEpugcPyAbbJaDQwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjUwOTE4NTBaGA8yMTI2MTEw
MTA5MTg1MFowFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABDVETbWZWS3pBdIDv8MW5DtCjTp5ENU0tDLBpN1HUwQYajmKMw8u
+yH0kNkFuPwdHam7JMkQtmShF67UviDSqqOjUzBRMB0GA1UdDgQWBBTEr8xe02MI
uwk6oB+BjeQLPtvIhzAfBgNVHSMEGDAWgBTEr8xe02MIuwk6oB+BjeQLPtvIhzAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDqwyw3ODIezyhWkbON4
xJE9SRUxPJ3w3ASw5gQYOhOdAiAy/3ZFdahMi5KtGiBNsephK520If2yXfJKMX3w
mP1muQ==
-----END CERTIFICATE-----
`;

const authority = { certificate, privateKey: "private key of the authority\n" };

export const clusterSecrets: ClusterSecrets = {
  bootstrapToken: "abcdef.0123456789abcdef",
  authority,
  etcdAuthority: { certificate, privateKey: "private key of etcd's authority\n" },
  frontProxyAuthority: { certificate, privateKey: "private key of the front proxy's authority\n" },
  serviceAccounts: { privateKey: "private key of service accounts\n", publicKey: "public key of service accounts\n" },
};

export const metricsIdentity: MetricsIdentity = {
  authority: certificate,
  certificate: "certificate of node exporter\n",
  privateKey: "private key of node exporter\n",
};

/** Secrets of a machine: a passphrase for each pool that is encrypted. */
export function secretsOf(server: Server, cluster: ClusterSecrets | undefined = clusterSecrets): MachineSecrets {
  const encrypted = server.storage.pools.filter(({ encryption }) => encryption.kind !== "none");
  const passphrases = Object.fromEntries(encrypted.map(({ name }) => [name, `passphrase-of-${name}`]));
  return { passphrases, metrics: metricsIdentity, ...(cluster !== undefined && { cluster }) };
}
