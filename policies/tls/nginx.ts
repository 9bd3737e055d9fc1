/**
 * TLS in nginx's configuration.
 *
 * @source https://nginx.org/en/docs/http/ngx_http_ssl_module.html and https://nginx.org/en/docs/http/ngx_http_proxy_module.html
 */
import { allOf, type Directive, nginxOf, type Server, serversIn, settingOf } from "../pack/configuration/nginx.ts";
import type { Resource } from "../pack/resource.ts";
import { isLocal, type Listener, type TlsSettings, type Upstream } from "./ends.ts";
import { oldestOf, versionOf } from "./versions.ts";

/** Every address that nginx listens on. */
export function nginxListeners(resource: Resource): readonly Listener[] {
  return nginxOf(resource).flatMap(({ file, directives }) =>
    serversIn(directives).flatMap((server) =>
      listensOf(server).map(([address = "", ...options]) => {
        const encrypted = options.includes("ssl") || options.includes("quic");
        return {
          where: `${file.name}: server on ${address}`,
          encrypted,
          mayBePlain: isLocal(address) || passesTls(server) || !tellsAnything(server),
          ...(encrypted && { settings: settingsOf(server) }),
        };
      }),
    ),
  );
}

/** Where a server listens; without a word about it, on port 80. */
function listensOf({ directives }: Server): readonly (readonly string[])[] {
  const listens = directives.filter(({ name }) => name === "listen").map(({ values }) => values);
  return listens.length > 0 ? listens : [["80"]];
}

function settingsOf(server: Server): TlsSettings {
  const protocols = settingOf(server, "ssl_protocols") ?? [];
  return {
    oldest: oldestOf(protocols.flatMap((protocol) => versionOf(protocol.replace("SSLv2", "SSLv3")) ?? [])),
    ciphers: settingOf(server, "ssl_ciphers") ?? [],
  };
}

/** What gives a client more than an answer that stands in the configuration. */
const content =
  /^(root|alias|try_files|autoindex|stub_status|api|dav_methods|(proxy|fastcgi|grpc|scgi|uwsgi|memcached)_pass)$/;

/** Whether a server says more than that it works, or that one should come by TLS. */
function tellsAnything({ directives, isStream }: Server): boolean {
  if (isStream) return true;
  if (directives.some(({ name }) => name === "return")) return false;
  const locations = directives.filter(({ name }) => name === "location");
  const answered = locations.length > 0 && locations.every(({ block }) => block.some(({ name }) => name === "return"));
  return !answered || directives.some(({ name }) => content.test(name));
}

/** Whether a server passes on connections as they are, by what clients say when they begin TLS. */
function passesTls(server: Server): boolean {
  return server.isStream && settingOf(server, "ssl_preread")?.[0] === "on";
}

/** By the directive that passes requests on: what TLS to there is set by, where there can be any. */
const passes = {
  proxy_pass: "proxy_ssl",
  grpc_pass: "grpc_ssl",
  uwsgi_pass: "uwsgi_ssl",
  fastcgi_pass: undefined,
  scgi_pass: undefined,
} as const;

/** Everything that nginx passes requests on to, but for what is within the pod. */
export function nginxUpstreams(resource: Resource): readonly Upstream[] {
  return nginxOf(resource).flatMap(({ file, directives }) => {
    const groups = allOf(directives, "upstream").map(({ directive }) => directive);
    return serversIn(directives).flatMap((server) =>
      Object.entries(passes).flatMap(([pass, prefix]) =>
        allOf(server.directives, pass, server.around)
          .filter(({ directive: { values } }) => !isLocal(addressOf(values, groups)))
          .filter(() => !passesTls(server))
          .map(({ directive: { values }, around }) => ({
            where: `${file.name}: ${pass} ${values[0] ?? ""}`,
            problems: problemsOf(values[0] ?? "", prefix, around),
          })),
      ),
    );
  });
}

/** The address without its scheme, or that of the servers of a group, where all of them are within the pod. */
function addressOf([target = ""]: readonly string[], groups: readonly Directive[]): string {
  const address = target.replace(/^\w+:\/\//, "");
  const group = groups.find(({ values }) => values[0] === address.replace(/\/.*$/, ""));
  const members = group?.block.filter(({ name }) => name === "server").map(({ values: [member = ""] }) => member) ?? [];
  return members.length > 0 && members.every(isLocal) ? "localhost" : address;
}

function problemsOf(target: string, prefix: string | undefined, around: readonly Directive[]): readonly string[] {
  const isOn = (name: string) => around.findLast((directive) => directive.name === name)?.values[0] === "on";
  const encrypted = /^(https|grpcs|suwsgi):\/\//.test(target) || (prefix === "proxy_ssl" && isOn(prefix));
  if (!encrypted) return ["is sent to in plain text"];
  return isOn(`${prefix}_verify`) ? [] : [`is not verified: \`${prefix}_verify\` is off`];
}
