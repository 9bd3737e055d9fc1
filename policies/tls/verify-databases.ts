import { z } from "zod";
import { type Synapse, settingOf, synapsesOf } from "../pack/configuration/synapse.ts";
import type { Container } from "../pack/kubernetes.ts";
import { containersOf, podsOf } from "../pack/pods.ts";
import type { Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { isLocal } from "./ends.ts";

/** How a program connects to PostgreSQL. */
interface Connection {
  /** What says so. */
  readonly where: string;
  readonly host: string;
  readonly sslmode: string | undefined;
}

/** @source https://www.postgresql.org/docs/17/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
export const verifyDatabases = stackRule({
  id: "tls-verify-databases",
  title: "Clients of PostgreSQL verify its certificate and its name",
  why: "What clients do by themselves, `prefer`, is content with plain text, and `require` with any certificate. Whoever answers in the database's place then gets the password and every query.",
  fix: "Set `sslmode` to `verify-full` and `sslrootcert` to the authority's certificate.",
  severity: "high",
  controls: {
    nsa: ["network/encryption"],
    iso: ["A.8.21", "A.8.24"],
    gbt: ["8.1.2.2 a)", "8.1.2.2 b)", "8.1.4.7 a)", "8.1.4.8 a)"],
  },
  appliesTo: (stack) => synapsesOf(stack).length > 0 || stack.flatMap(urlsIn).length > 0,
  check(stack, report) {
    const judge = ({ where, host, sslmode = "prefer" }: Connection, resource: Resource) => {
      // An absolute path is the folder of a Unix socket.
      if (isLocal(host) || sslmode === "verify-full") return;
      report(`${where} connects to ${host} with sslmode ${sslmode}`, resource);
    };
    each(synapsesOf(stack), (synapse) => {
      for (const connection of databasesOf(synapse)) judge(connection, synapse.pods.resource);
    });
    each(stack, (resource) => {
      for (const connection of urlsIn(resource)) judge(connection, resource);
    });
  },
});

const database = z.looseObject({
  name: z.literal("psycopg2"),
  args: z.looseObject({ host: z.string().default("localhost"), sslmode: z.string().optional() }),
});

/** Synapse's database, or its databases where it has several. Anything else than PostgreSQL is a file. */
function databasesOf(synapse: Synapse): readonly Connection[] {
  const several = z.record(z.string(), z.unknown()).catch({}).parse(settingOf(synapse, "databases"));
  return [settingOf(synapse, "database"), ...Object.values(several)].flatMap((given) => {
    const { success, data } = database.safeParse(given);
    return success ? [{ where: "Synapse", host: data.args.host, sslmode: data.args.sslmode }] : [];
  });
}

/** `postgresql://user@host:port/database?sslmode=…`, with a prefix of the driver's where it has one. */
const url = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\/(?:[^@/?]*@)?(\[[^\]]*\]|[^:/?,]*)[^?]*(?:\?(.*))?$/;

/** Connections that stand in the environment of containers. */
function urlsIn(resource: Resource): readonly Connection[] {
  const pods = podsOf(resource);
  return pods === undefined ? [] : containersOf(pods.spec).flatMap(urlsOf);
}

function urlsOf({ name: container, env = [] }: Container): readonly Connection[] {
  return env.flatMap(({ name, value = "" }) => {
    const [found, host = "", parameters = ""] = url.exec(value) ?? [];
    if (found === undefined) return [];
    const sslmode =
      new URLSearchParams(parameters).get("sslmode") ?? env.find((each) => each.name === "PGSSLMODE")?.value;
    return [{ where: `container "${container}" (${name})`, host: host === "" ? "localhost" : host, sslmode }];
  });
}
