import type { DirectoryNames } from "./names.ts";
import { readers, serviceDn } from "./names.ts";
import { ownSchema } from "./own-schema.ts";

/** Where a server finds its files. */
export interface SlapdPaths {
  /** Modules of slapd. */
  readonly modules: string;
  readonly schema: string;
  /** `tls.crt`, `tls.key` and `ca.crt`. */
  readonly certificate: string;
  /** Its database: the volume. */
  readonly data: string;
  /** Writable, for process id and arguments. */
  readonly run: string;
  /** The part of the configuration that holds passwords: {@link secretConfiguration}. */
  readonly secretFile: string;
}

/** How passwords are checked; settings of the environment. */
export interface PasswordPolicy {
  /** Characters that a password has at least. */
  readonly minLength: number;
  /** Former passwords that may not be taken again. */
  readonly remembered: number;
  /** Days after which a password must be replaced. */
  readonly maxAgeDays: number | "never";
}

export interface SlapdArgs {
  readonly names: DirectoryNames;
  /** Which of the servers this is, from 0. */
  readonly server: number;
  /** Number of servers; with two, each takes writes and copies from the other. */
  readonly servers: number;
  readonly paths: SlapdPaths;
  /** User and group that the server runs as: whoever is that user on the same machine is the administrator. */
  readonly local: { readonly userId: number; readonly groupId: number };
  /** Largest size of the database, in MiB; what is not used takes no space. */
  readonly maxSizeMiB: number;
  /** Requests that are worked on at a time; each that checks a password takes {@link argon2MiB}. */
  readonly threads: number;
}

/**
 * Memory that the hash of a password takes while it is computed, in MiB: the first of the choices that OWASP names.
 * @source https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
export const argon2MiB = 19;

/**
 * A server's configuration: TLS only, nobody without an account, each account only what it is for.
 * @source https://man7.org/linux/man-pages/man5/slapd.conf.5.html
 */
export function slapdConfiguration(args: SlapdArgs): string {
  const sections = [globalSection(args), ownSchema, security(args), frontend, monitor(args.names), database(args)];
  return `${sections.map((section) => section.trim()).join("\n\n")}\n`;
}

function globalSection({ paths, threads, server, servers }: SlapdArgs): string {
  return `
pidfile ${paths.run}/slapd.pid
argsfile ${paths.run}/slapd.args
threads ${threads}
idletimeout 600
writetimeout 60
${servers > 1 ? `serverID ${server + 1}\n` : ""}
modulepath ${paths.modules}
moduleload back_mdb
moduleload argon2 m=${argon2MiB * 1024} t=2 p=1
moduleload dynlist
moduleload ppolicy
moduleload refint
moduleload syncprov
moduleload unique
include ${paths.schema}/core.schema
include ${paths.schema}/cosine.schema
include ${paths.schema}/inetorgperson.schema
include ${paths.schema}/dyngroup.schema`;
}

function security({ paths: { certificate }, local, names }: SlapdArgs): string {
  return `
TLSCACertificateFile ${certificate}/ca.crt
TLSCertificateFile ${certificate}/tls.crt
TLSCertificateKeyFile ${certificate}/tls.key
# TLS 1.2
TLSProtocolMin 3.3
TLSVerifyClient never
security ssf=128
# The socket in the server's own folder, by which probes and tools come: no network, and no password to keep for them.
localSSF 256
authz-regexp ^gidNumber=${local.groupId}[+]uidNumber=${local.userId},cn=peercred,cn=external,cn=auth$ ${quoted(names.administratorDn)}
disallow bind_anon
require authc
password-hash {ARGON2}
# Before their sign-in, clients may send little.
sockbuf_max_incoming 65535
sockbuf_max_incoming_auth 8388607`;
}

/** What belongs to no directory: what the server can do, and its schema. */
const frontend = `
database frontend
access to dn.base="" by users read
access to dn.base="cn=Subschema" by users read
access to * by * none`;

/** The server's own state, for its probes. */
function monitor(names: DirectoryNames): string {
  return `
database monitor
rootdn ${quoted(names.administratorDn)}
access to * by * none`;
}

function database({ names, paths, maxSizeMiB, servers }: SlapdArgs): string {
  // Each change notes how far it is: after a crash, the other server would otherwise never hear of the last ones.
  const mirror = servers > 1 ? "multiprovider on\noverlay syncprov\nsyncprov-checkpoint 1 1\n" : "";
  return `
database mdb
suffix ${quoted(names.baseDn)}
rootdn ${quoted(names.administratorDn)}
directory ${paths.data}
maxsize ${maxSizeMiB * 1024 * 1024}
# The administrator's password, and the account that copies from the other server.
include ${paths.secretFile}
${mirror}
index objectClass,entryCSN,entryUUID,uid,member,employeeNumber,roostOrigin eq
index cn,sn,givenName,displayName,mail eq,sub
# A change of a large group need not read all its members one by one.
sortvals member
${limits(names)}
${access(names)}
${overlays(names)}`;
}

/** People find themselves and no more; programs read everything, by the page. */
function limits(names: DirectoryNames): string {
  const programs = [...readers, "replicator" as const].map(
    (account) => `limits dn.exact=${quoted(serviceDn(names, account))} size=unlimited time=unlimited`,
  );
  return ["sizelimit 10", "timelimit 30", ...programs].join("\n");
}

/** The first rule that fits decides, and its first line that fits. */
function access(names: DirectoryNames): string {
  const reading = readers.map((reader) => `  by dn.exact=${quoted(serviceDn(names, reader))} read`).join("\n");
  const copying = `  by dn.exact=${quoted(serviceDn(names, "replicator"))} read`;
  return `
access to attrs=userPassword
${copying}
  by self =xw
  by anonymous auth
  by * none
access to attrs=pwdHistory
${copying}
  by * none
access to dn.subtree=${quoted(names.peopleDn)}
${copying}
${reading}
  by self read
  by * none
access to dn.subtree=${quoted(names.groupsDn)}
${copying}
${reading}
  by * none
# Where searches for the groups of a person begin.
access to dn.base=${quoted(names.baseDn)}
${copying}
${reading}
  by * none
access to *
${copying}
  by * none`.trim();
}

function overlays(names: DirectoryNames): string {
  return `
overlay ppolicy
ppolicy_default ${quoted(policyDn(names, "people"))}
ppolicy_hash_cleartext

overlay refint
refint_attributes member
refint_nothing ${quoted(names.nobodyDn)}
refint_modifiersName ${quoted(names.administratorDn)}

overlay unique
unique_uri ldap:///${names.peopleDn}?uid?one
unique_uri ldap:///${names.peopleDn}?mail?one
unique_uri ldap:///${names.peopleDn}?employeeNumber?one

# memberOf, computed when it is asked for: the overlay of that name is deprecated, and wrong where servers copy.
overlay dynlist
dynlist-attrset groupOfURLs memberURL member+memberOf@groupOfNames*`.trim();
}

/** The policy of passwords for people, and the one for programs, which nobody can lock out. */
export function policyDn(names: DirectoryNames, policy: "people" | "services"): string {
  return `cn=${policy},${names.policiesDn}`;
}

/** Address of the socket in a server's own folder. */
export function localUrl(run: string): string {
  return `ldapi://${encodeURIComponent(`${run}/ldapi`)}`;
}

export interface SecretConfigurationArgs {
  readonly names: DirectoryNames;
  readonly administratorPassword: string;
  readonly replicatorPassword: string;
  /** URLs of the other servers. */
  readonly others: readonly string[];
  readonly certificate: string;
}

/**
 * What of a server's configuration is secret. The administrator's password is in clear beside it anyhow, for tools.
 * @source https://www.openldap.org/doc/admin26/replication.html#MirrorMode
 */
export function secretConfiguration(args: SecretConfigurationArgs): string {
  const { names, certificate } = args;
  const copies = args.others.map((url, index) =>
    [
      `syncrepl rid=${String(index + 1).padStart(3, "0")} provider=${url}`,
      `type=refreshAndPersist retry="1 30 5 +" keepalive=60:3:10 network-timeout=5 timeout=30`,
      `searchbase=${quoted(names.baseDn)} schemachecking=on`,
      `bindmethod=simple binddn=${quoted(serviceDn(names, "replicator"))} credentials=${args.replicatorPassword}`,
      `tls_cacert=${certificate}/ca.crt tls_reqcert=demand tls_protocol_min=3.3`,
    ].join("\n  "),
  );
  return `${[`rootpw ${args.administratorPassword}`, ...copies].join("\n")}\n`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
