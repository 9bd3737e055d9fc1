/** Keys and certificates of the cluster, made with openssl; what ends within 30 days is issued anew at every start. */
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../artifact.ts";
import { controlPlane, type Site } from "./site.ts";

/** A certificate that the cluster needs. */
export interface CertificateRequest {
  /** Names its files: <name>.crt and <name>.key. */
  readonly name: string;
  readonly authority: "kubernetes" | "etcd";
  /** Who it is: Kubernetes takes the common name as the user and the organisation as the group. */
  readonly commonName: string;
  readonly organization?: string;
  readonly use: "client" | "server" | "both";
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

const authorityDays = 3650;
const leafDays = 365;
const renewBeforeDays = 30;

/** All certificates of the cluster's parts. */
export function certificateRequests(site: Site): CertificateRequest[] {
  const [first = ""] = [site.nodes[controlPlane]];
  const client = (name: string, commonName: string, organization?: string): CertificateRequest => ({
    name,
    authority: "kubernetes",
    commonName,
    use: "client",
    ...(organization === undefined ? {} : { organization }),
  });
  const service = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  const loopback = { dnsNames: ["localhost"], addresses: ["127.0.0.1"] };
  return [
    {
      name: "kube-apiserver",
      authority: "kubernetes",
      commonName: "kube-apiserver",
      use: "server",
      dnsNames: [controlPlane, "localhost", ...service],
      addresses: [first, site.apiService, "127.0.0.1"],
    },
    client("kube-apiserver-kubelet-client", "kube-apiserver-kubelet-client"),
    client("kube-controller-manager", "system:kube-controller-manager"),
    client("kube-scheduler", "system:kube-scheduler"),
    client("kube-proxy", "system:kube-proxy"),
    client("calico", "calico"),
    client("administrator", "roost-administrator", "system:masters"),
    { name: "etcd", authority: "etcd", commonName: "etcd", use: "both", ...loopback },
    { name: "kube-apiserver-etcd-client", authority: "etcd", commonName: "kube-apiserver", use: "client" },
    ...Object.entries(site.nodes).map(
      ([name, address]): CertificateRequest => ({
        name: `kubelet-${name}`,
        authority: "kubernetes",
        commonName: `system:node:${name}`,
        organization: "system:nodes",
        use: "both",
        dnsNames: [name],
        addresses: [address],
      }),
    ),
  ];
}

/** Makes what is missing, about to end, or no longer what is asked for. @returns the folder */
export async function ensureCertificates(site: Site): Promise<string> {
  const folder = join(site.folder, "pki");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await Promise.all((["kubernetes", "etcd"] as const).map((name) => ensureAuthority(folder, name)));
  await Promise.all(certificateRequests(site).map((request) => ensureCertificate(folder, request)));
  await ensureServiceAccountKey(join(folder, "service-account"));
  secret(join(folder, "encryption.yaml"), encryptionConfiguration);
  return folder;
}

/** The openssl extensions of a leaf certificate. */
export function leafExtensions(request: CertificateRequest): string {
  const uses = { client: "clientAuth", server: "serverAuth", both: "serverAuth,clientAuth" };
  const names = [
    ...(request.dnsNames ?? []).map((name) => `DNS:${name}`),
    ...(request.addresses ?? []).map((address) => `IP:${address}`),
  ];
  return [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${uses[request.use]}`,
    "authorityKeyIdentifier=keyid",
    ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
    "",
  ].join("\n");
}

/** A kubeconfig that carries its certificate with it. */
export function kubeconfig(server: string, authority: string, certificate: string, key: string): string {
  const encode = (pem: string) => Buffer.from(pem).toString("base64");
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "roost", cluster: { server, "certificate-authority-data": encode(authority) } }],
      users: [
        { name: "roost", user: { "client-certificate-data": encode(certificate), "client-key-data": encode(key) } },
      ],
      contexts: [{ name: "roost", context: { cluster: "roost", user: "roost" } }],
      "current-context": "roost",
    },
    undefined,
    2,
  )}\n`;
}

/** The kubeconfig of one of the cluster's parts, by the name of its certificate. */
export function kubeconfigFor(site: Site, name: string): string {
  const folder = join(site.folder, "pki");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const server = `https://${site.nodes[controlPlane]}:6443`;
  return kubeconfig(server, read("kubernetes-ca.crt"), read(`${name}.crt`), read(`${name}.key`));
}

const newKey = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

async function ensureAuthority(folder: string, name: string): Promise<void> {
  const file = join(folder, `${name}-ca`);
  if (existsSync(`${file}.crt`)) return;
  await run("openssl", [...newKey, "-out", `${file}.key`]);
  const extensions = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"];
  const subject = ["-subj", `/CN=roost ${name} authority`, "-days", String(authorityDays)];
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  await run("openssl", [
    "req",
    "-x509",
    "-new",
    "-key",
    `${file}.key`,
    ...subject,
    ...added,
    "-out",
    `${file}.crt.new`,
  ]);
  renameSync(`${file}.crt.new`, `${file}.crt`);
}

async function ensureCertificate(folder: string, request: CertificateRequest): Promise<void> {
  const file = join(folder, request.name);
  const authority = join(folder, `${request.authority}-ca`);
  const extensions = leafExtensions(request);
  if (isCurrent(file, extensions)) return;
  const subject = `${request.organization === undefined ? "" : `/O=${request.organization}`}/CN=${request.commonName}`;
  await run("openssl", [...newKey, "-out", `${file}.key`]);
  await run("openssl", ["req", "-new", "-key", `${file}.key`, "-subj", subject, "-out", `${file}.csr`]);
  writeFileSync(`${file}.extensions`, extensions);
  const signing = [
    "-CA",
    `${authority}.crt`,
    "-CAkey",
    `${authority}.key`,
    "-set_serial",
    `0x${randomBytes(16).toString("hex")}`,
  ];
  const content = ["-extfile", `${file}.extensions`, "-days", String(leafDays)];
  await run("openssl", ["x509", "-req", "-in", `${file}.csr`, ...signing, ...content, "-out", `${file}.crt.new`]);
  renameSync(`${file}.crt.new`, `${file}.crt`);
}

/** The pair of keys that service accounts' tokens are signed and verified with. */
async function ensureServiceAccountKey(file: string): Promise<void> {
  if (existsSync(`${file}.pub`)) return;
  await run("openssl", [...newKey, "-out", `${file}.key`]);
  await run("openssl", ["pkey", "-in", `${file}.key`, "-pubout", "-out", `${file}.pub.new`]);
  renameSync(`${file}.pub.new`, `${file}.pub`);
}

function isCurrent(file: string, extensions: string): boolean {
  if (!existsSync(`${file}.crt`) || readFileSync(`${file}.extensions`, "utf8") !== extensions) return false;
  const certificate = new X509Certificate(readFileSync(`${file}.crt`));
  // Both are replaced one after the other: whoever was interrupted in between has a new key with an old certificate.
  if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(`${file}.key`)))) return false;
  const ends = certificate.validToDate.getTime();
  return ends - Date.now() > renewBeforeDays * 24 * 3600 * 1000;
}

/** Secrets are encrypted in etcd: the key lies in another file than the data. */
function encryptionConfiguration(): string {
  const key = randomBytes(32).toString("base64");
  return `${JSON.stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [{ secretbox: { keys: [{ name: "key1", secret: key }] } }, { identity: {} }],
      },
    ],
  })}\n`;
}

/** Writes a secret file once. */
function secret(file: string, content: () => string): void {
  if (existsSync(file)) return;
  writeFileSync(`${file}.new`, content(), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
