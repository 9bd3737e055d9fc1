import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { Client, InvalidCredentialsError, NoSuchObjectError, ResultCodeError } from "ldapts";

/** What is asked of a directory that is not ours. */
export interface Check {
  readonly urls: readonly string[];
  readonly bindDn: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** Condition that people meet, with the object classes of the schema. */
  readonly peopleFilter: string;
}

/** How long a server may take for each step, in milliseconds. */
const patience = 10_000;

/**
 * What is wrong with one server, as an operator would say it, with the setting to look at.
 *
 * @param ca certificate of the authority. @default public authorities
 * @returns nothing when people can be read there
 */
export async function problemOf(
  url: string,
  check: Check,
  password: string,
  ca: Buffer | undefined,
): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const server = { host, port: Number(port || 636) };
  return (
    (await nameProblem(host)) ??
    (await connectionProblem(server)) ??
    (await trustProblem(server, ca)) ??
    (await readingProblem(url, check, password, ca))
  );
}

interface Server {
  readonly host: string;
  readonly port: number;
}

async function nameProblem(host: string): Promise<string | undefined> {
  try {
    await lookup(host);
    return undefined;
  } catch (error) {
    return `the name ${host} does not resolve (${codeOf(error)}). Check roost:identity.directory.urls, and that the cluster's DNS knows the name.`;
  }
}

function connectionProblem({ host, port }: Server): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => end());
    socket.on("timeout", () =>
      end(
        `${host}:${port} does not answer within ${patience / 1000} s. Check that roost:identity.directory.cidrs has its address, and the firewalls between.`,
      ),
    );
    socket.on("error", (error) =>
      end(
        codeOf(error) === "ECONNREFUSED"
          ? `${host}:${port} refuses connections. Check the port in roost:identity.directory.urls, and that the server runs.`
          : `${host}:${port} cannot be reached (${codeOf(error)}). Check that roost:identity.directory.cidrs has its address, and the firewalls between.`,
      ),
    );
  });
}

function trustProblem({ host, port }: Server, ca: Buffer | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTls({ host, port, timeout: patience, minVersion: "TLSv1.2", ...(ca && { ca }) });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("secureConnect", () => end());
    socket.on("timeout", () => end(`${host}:${port} does not speak TLS. It must be the port of LDAPS, usually 636.`));
    socket.on("error", (error) => end(`${host}:${port}: ${trustMessage(error)}`));
  });
}

function trustMessage(error: Error): string {
  const code = codeOf(error);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `the certificate is for other names (${error.message}). Write one of them into roost:identity.directory.urls.`;
  if (code === "CERT_HAS_EXPIRED") return "the certificate has expired. Renew it at the directory.";
  if (/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_)/.test(code))
    return `the certificate is not trusted (${code}). Put the authority that issued it into roost:identity.directory.caPem.`;
  return `no TLS 1.2 or later could be agreed on (${code}). It must be the port of LDAPS, usually 636.`;
}

async function readingProblem(
  url: string,
  check: Check,
  password: string,
  ca: Buffer | undefined,
): Promise<string | undefined> {
  const client = new Client({
    url,
    timeout: patience,
    connectTimeout: patience,
    tlsOptions: { minVersion: "TLSv1.2", ...(ca && { ca }) },
  });
  try {
    return (
      (await bindProblem(client, check.bindDn, password)) ??
      (await baseProblem(client, "peopleDn", check.peopleDn)) ??
      (await baseProblem(client, "groupsDn", check.groupsDn)) ??
      (await peopleProblem(client, check))
    );
  } catch (error) {
    return `the directory failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

async function bindProblem(client: Client, bindDn: string, password: string): Promise<string | undefined> {
  try {
    await client.bind(bindDn, password);
    return undefined;
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    const why =
      error instanceof InvalidCredentialsError ? "name or password are wrong, or the account is locked" : message;
    return `the bind as ${bindDn} is refused: ${why}. Check roost:identity.directory.bindDn and bindPassword.`;
  }
}

async function baseProblem(client: Client, setting: string, dn: string): Promise<string | undefined> {
  try {
    const { searchEntries } = await client.search(dn, {
      scope: "base",
      filter: "(objectClass=*)",
      attributes: ["1.1"],
    });
    if (searchEntries.length > 0) return undefined;
  } catch (error) {
    if (!(error instanceof NoSuchObjectError)) throw error;
  }
  return `there is no entry ${dn}, or the account may not read it. Check roost:identity.directory.${setting}.`;
}

/** One page of one person is enough. */
async function peopleProblem(client: Client, { peopleDn, peopleFilter }: Check): Promise<string | undefined> {
  const none = `nobody below ${peopleDn} meets ${peopleFilter}, or the account may not read them. Check roost:identity.directory.schema, peopleDn and peopleFilter.`;
  try {
    const { searchEntries } = await client.search(peopleDn, {
      filter: peopleFilter,
      sizeLimit: 1,
      attributes: ["1.1"],
    });
    return searchEntries.length > 0 ? undefined : none;
  } catch (error) {
    // 4: there are more than the one that was asked for.
    if (error instanceof ResultCodeError && error.code === 4) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}
