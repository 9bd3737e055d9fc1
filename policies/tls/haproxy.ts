/**
 * TLS in HAProxy's configuration.
 *
 * @source https://docs.haproxy.org/3.0/configuration.html#5
 */
import {
  haproxyOf,
  type Line,
  linesOf,
  reachesServers,
  type Section,
  sectionsOf,
} from "../pack/configuration/haproxy.ts";
import type { Resource } from "../pack/resource.ts";
import { isLocal, type Listener, type TlsSettings, type Upstream } from "./ends.ts";
import { oldestOf, type Version, versionOf, versions } from "./versions.ts";

/** Every address that HAProxy listens on. */
export function haproxyListeners(resource: Resource): readonly Listener[] {
  return haproxyOf(resource).flatMap(({ file, sections }) =>
    sectionsOf(sections, "frontend", "listen").flatMap((frontend) =>
      linesOf(frontend.lines, "bind").map((bind) => {
        const [, addresses = ""] = bind;
        const encrypted = isEncrypted(bind);
        return {
          where: `${file.name}: ${frontend.kind} "${frontend.name}" on ${addresses}`,
          encrypted,
          mayBePlain: addresses.split(",").every(isLocal) || passesTls(frontend) || !tellsAnything(frontend, sections),
          ...(encrypted && { settings: settingsOf(bind, "bind", sections) }),
        };
      }),
    ),
  );
}

/** Every server that HAProxy passes requests on to, but for those within the pod. */
export function haproxyUpstreams(resource: Resource): readonly Upstream[] {
  return haproxyOf(resource).flatMap(({ file, sections }) =>
    sectionsOf(sections, "backend", "listen")
      .filter((backend) => !getsTls(backend, sections))
      .flatMap((backend) =>
        serversOf(backend).map(({ name, options }) => {
          const encrypted = isEncrypted(options);
          return {
            where: `${file.name}: server "${name}" of ${backend.kind} "${backend.name}"`,
            problems: encrypted ? verificationProblems(options, sections) : ["is sent to in plain text"],
            ...(encrypted && { settings: settingsOf(options, "server", sections) }),
          };
        }),
      ),
  );
}

interface Server {
  readonly name: string;
  /** What `default-server` says, then its own options. */
  readonly options: Line;
}

function serversOf({ effectiveLines }: Section): readonly Server[] {
  const defaults = linesOf(effectiveLines, "default-server").flatMap(([, ...options]) => options);
  const servers = linesOf(effectiveLines, "server").map(([, name = "", address = "", ...own]) => ({
    name,
    address,
    own,
  }));
  const templates = linesOf(effectiveLines, "server-template").map(([, name = "", , address = "", ...own]) => ({
    name,
    address,
    own,
  }));
  return [...servers, ...templates]
    .filter(({ address }) => !isLocal(address))
    .map(({ name, own }) => ({ name, options: [...defaults, ...own] }));
}

function isEncrypted(options: Line): boolean {
  return options.lastIndexOf("ssl") > options.lastIndexOf("no-ssl");
}

function verificationProblems(options: Line, sections: readonly Section[]): readonly string[] {
  const byDefault = globalLine("ssl-server-verify", sections)?.[1] ?? "required";
  if ((lastOf(options, "verify") ?? byDefault) === "none") return ["is not verified"];
  // With neither, any certificate of the authority would do.
  const named = options.includes("verifyhost") || options.includes("sni");
  return named ? [] : ["is verified without its name: `verifyhost` and `sni` are missing"];
}

function settingsOf(options: Line, end: "bind" | "server", sections: readonly Section[]): TlsSettings {
  const byDefault = globalLine(`ssl-default-${end}-options`, sections) ?? [];
  const ciphers = ["ciphers", "ciphersuites"].flatMap(
    (list) => lastOf(options, list) ?? globalLine(`ssl-default-${end}-${list}`, sections)?.[1] ?? [],
  );
  return { oldest: oldestIn([...byDefault, ...options]), ciphers };
}

/** The oldest version that options leave, or nothing where they say nothing about versions. */
function oldestIn(options: Line): Version | undefined {
  const short = (version: Version) => version.toLowerCase().replace(".", "");
  const forced = versions.find((version) => options.includes(`force-${short(version)}`));
  if (forced !== undefined) return forced;
  const minimum = versionOf(lastOf(options, "ssl-min-ver"));
  const left = versions.filter(
    (version) =>
      !options.includes(`no-${short(version)}`) &&
      (minimum === undefined || versions.indexOf(version) >= versions.indexOf(minimum)),
  );
  return left.length === versions.length ? undefined : oldestOf(left);
}

/** The word after the last such option: a server's own counts more than a default. */
function lastOf(options: Line, option: string): string | undefined {
  const at = options.lastIndexOf(option);
  return at < 0 ? undefined : options[at + 1];
}

function globalLine(keyword: string, sections: readonly Section[]): Line | undefined {
  return linesOf(
    sectionsOf(sections, "global").flatMap(({ lines }) => lines),
    keyword,
  ).at(-1);
}

/** Whether a frontend says more than that it works, or that one should come by TLS. */
function tellsAnything(frontend: Section, sections: readonly Section[]): boolean {
  const services = frontend.effectiveLines.some((line) => line[0] === "stats" || line.includes("use-service"));
  return services || reachesServers(frontend, sections);
}

/** Whether a frontend passes on connections as they are, by what clients say when they begin TLS. */
function passesTls({ effectiveLines }: Section): boolean {
  const mode = linesOf(effectiveLines, "mode").at(-1)?.[1];
  return mode === "tcp" && effectiveLines.flat().some((word) => /req[._]ssl_(hello_type|sni|ver)/.test(word));
}

/** Whether only frontends that pass TLS on lead to a backend. */
function getsTls(backend: Section, sections: readonly Section[]): boolean {
  const frontends = sectionsOf(sections, "frontend", "listen").filter(
    ({ name, effectiveLines }) =>
      name === backend.name ||
      effectiveLines.some(
        (line) => ["use_backend", "default_backend"].includes(line[0] ?? "") && line[1] === backend.name,
      ),
  );
  return frontends.length > 0 && frontends.every(passesTls);
}
