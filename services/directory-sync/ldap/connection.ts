import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { Client, ResultCodeError } from "ldapts";
import { LdapEntry } from "./entry.ts";

export interface ConnectionSettings {
  /** `ldaps://…`, one for each server, in the order in which they are tried. */
  readonly urls: readonly string[];
  readonly bindDn: string;
  readonly bindPasswordFile: string;
  /** File with the authority's certificate. @default public authorities */
  readonly caFile?: string | undefined;
  readonly pageSize: number;
  /** Longest time that an operation may take, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
}

export interface Search {
  readonly base: string;
  /** @default "sub" */
  readonly scope?: "base" | "sub";
  readonly filter: string;
  readonly attributes: readonly string[];
  /** Attributes whose values are bytes. @default none */
  readonly binary?: readonly string[];
}

/** A connection to one server: everything that is read by it is of one directory, or it fails. */
export interface Connection {
  search(search: Search): Promise<LdapEntry[]>;
}

/** Parts of Active Directory that a search from its root is referred to, and that hold no people. */
const PARTITIONS_WITHOUT_PEOPLE = /(^|[/,])((DC=(Domain|Forest)DnsZones)|(CN=(Configuration|Schema)))(,|%2C)/i;
const REFERRAL = 10;

/** Connects to the first server that answers and lets us in. */
export async function withConnection<T>(
  settings: ConnectionSettings,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const failures: string[] = [];
  for (const url of settings.urls) {
    const client = clientOf(url, settings);
    try {
      try {
        await client.bind(settings.bindDn, readFileSync(settings.bindPasswordFile, "utf8").trim());
      } catch (error) {
        failures.push(`${url}: ${explain(error)}`);
        continue;
      }
      return await use({ search: (search) => searchAll(client, search, url, settings.pageSize) });
    } finally {
      await client.unbind().catch(() => undefined);
    }
  }
  throw new Error(`No directory server lets us in. ${failures.join("; ")}`);
}

function clientOf(url: string, { caFile, timeoutMs = 30_000 }: ConnectionSettings): Client {
  if (!url.startsWith("ldaps://")) throw new Error(`${url} is not encrypted: only ldaps:// is used`);
  let connected = false;
  return new Client({
    url,
    timeout: timeoutMs,
    connectTimeout: 10_000,
    tlsOptions: { minVersion: "TLSv1.2", ...(caFile !== undefined && { ca: readFileSync(caFile) }) },
    // The library connects again by itself, as nobody: what it read then would look like an empty directory.
    createSecureConnection: new Proxy(tls.connect, {
      apply(connect, self, args) {
        if (connected) throw new Error(`the connection to ${url} was lost`);
        connected = true;
        return Reflect.apply(connect, self, args);
      },
    }),
  });
}

async function searchAll(client: Client, search: Search, url: string, pageSize: number): Promise<LdapEntry[]> {
  const entries: LdapEntry[] = [];
  const options = {
    scope: search.scope ?? "sub",
    filter: search.filter,
    attributes: [...search.attributes],
    explicitBufferAttributes: [...(search.binary ?? [])],
  };
  try {
    if (search.scope === "base") {
      const { searchEntries } = await client.search(search.base, options);
      return searchEntries.map((entry) => new LdapEntry(entry));
    }
    for await (const page of client.searchPaginated(search.base, { ...options, paged: { pageSize } })) {
      const referred = page.searchReferences.filter((uri) => !PARTITIONS_WITHOUT_PEOPLE.test(uri));
      if (referred.length > 0)
        throw new Error(
          `a part of ${search.base} is on another server (${referred.join(", ")}), and referrals are not followed: name a server that has all of it, such as a global catalogue, or a base that is on one server`,
        );
      for (const entry of page.searchEntries) entries.push(new LdapEntry(entry));
    }
  } catch (error) {
    throw new Error(`${url}: reading ${search.base} failed: ${explain(error)}`, { cause: error });
  }
  return entries;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ResultCodeError && error.code === REFERRAL)
    return "the server refers to another one, and referrals are not followed: name the server that has these entries";
  return error.name === "Error" || error.message.includes(error.name)
    ? error.message
    : `${error.name}: ${error.message}`;
}
