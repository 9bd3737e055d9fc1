import { hostNames, identityEnvironment } from "../environment.ts";
import type { Problem } from "../messages/problems.ts";
import type { MonitoringSettings } from "../settings/observability.ts";
import { knownGroups } from "./identity/names.ts";
import { unknownGroups } from "./identity/rights.ts";
import { authorityProblems, openSecretProblems, placeProblems, portProblems } from "./outside.ts";
import type { Circumstances } from "./rule.ts";
import { hostsOf, rule, when } from "./rule.ts";

/** A server outside, and the setting that describes it. */
interface Outside {
  readonly path: string;
  readonly cidrs: readonly string[];
  readonly caPem?: string | undefined;
  /** Its address, and which setting that is. */
  readonly address: readonly [setting: string, url: string];
}

export const observabilityRules = [
  rule(["observability"], ({ observability }, circumstances) => {
    if (observability.kind === "off") return [];
    const { receivers } = observability;
    const names = receivers.map(({ name }) => name);
    return [
      ...outsideOf(observability).flatMap((server) => outsideProblems(server, circumstances)),
      ...secretsOf(observability).flatMap(([path, secret]) =>
        secret === undefined ? [] : openSecretProblems(path, circumstances),
      ),
      ...names.flatMap((name, at) =>
        when(
          names.indexOf(name) !== at,
          `observability.receivers.${at}.name`,
          name,
          "another name for each receiver",
          `write "${name}-${at + 1}"`,
        ),
      ),
      ...receivers.flatMap((receiver, at) =>
        receiver.kind === "email" ? signInProblems(`observability.receivers.${at}`, receiver) : [],
      ),
      ...(observability.remoteWrite ? signInProblems("observability.remoteWrite", observability.remoteWrite) : []),
    ];
  }),
  rule(["observability", "identity", "images", "domain", "im"], (settings) => {
    const { observability, identity, images, domain, im } = settings;
    if (observability.kind === "off" || observability.grafana.kind === "off") return [];
    const { grafana } = observability;
    const at = (setting: string) => `observability.grafana.${setting}`;
    const known = identity.kind === "sso" ? knownGroups(identity.directory) : undefined;
    const { host } = grafana;
    const taken =
      im.engine === "matrix"
        ? hostNames({
            domain,
            im: hostsOf(domain, im),
            identity: identityEnvironment(identity, domain),
            observability: { kind: "off" },
          })
        : [domain];
    const keycloak = identity.kind === "sso" && identity.provider.kind === "keycloak";
    return [
      ...when(
        images.source !== "upstream",
        at("kind"),
        "on",
        '"off" while roost:images.source is "built": no package registry has Grafana',
        'write roost:images.source "upstream", or take `make dashboard`',
      ),
      ...when(
        !keycloak,
        at("kind"),
        "on",
        '"off" unless people sign in through the Keycloak of roost:identity: Grafana has no accounts of its own',
        'write "off", and use `make dashboards` for a Grafana that you have',
      ),
      ...when(
        keycloak && grafana.groups === undefined && identity.rights.administrators.length === 0,
        at("groups"),
        undefined,
        "groups whose members may look, since roost:identity.rights.administrators names none",
        'write for example ["it"]',
      ),
      ...unknownGroups(at("groups"), grafana.groups ?? [], known),
      ...when(
        host !== undefined && taken.includes(host),
        at("host"),
        host,
        `another name than ${taken.join(", ")}: each site has its own`,
        `write "grafana.${domain}", or leave it out`,
      ),
    ];
  }),
];

function outsideOf({ receivers, deadMansSwitch, remoteWrite }: MonitoringSettings): Outside[] {
  const ofReceivers = receivers.flatMap((receiver, at) => serverOf(receiver, `observability.receivers.${at}`));
  const others = Object.entries({ deadMansSwitch, remoteWrite }).flatMap(([name, server]): Outside[] =>
    server === undefined ? [] : [{ ...server, path: `observability.${name}`, address: ["url", server.url] }],
  );
  return [...ofReceivers, ...others];
}

function serverOf(receiver: MonitoringSettings["receivers"][number], path: string): Outside[] {
  switch (receiver.kind) {
    case "webhook":
      return [{ ...receiver, path, address: ["url", receiver.url] }];
    case "email":
      return [{ ...receiver, path, address: ["relay", `smtp://${receiver.relay}`] }];
    case "matrix": {
      const { homeserver } = receiver;
      if (homeserver.kind === "own") return [];
      return [{ ...homeserver, path: `${path}.homeserver`, address: ["url", homeserver.url] }];
    }
  }
}

function outsideProblems({ path, cidrs, caPem, address }: Outside, circumstances: Circumstances): Problem[] {
  const [setting, url] = address;
  return [
    ...placeProblems(`${path}.cidrs`, cidrs, "the server's own addresses", circumstances),
    ...portProblems(`${path}.${setting}`, url, circumstances),
    ...authorityProblems(`${path}.caPem`, caPem, circumstances),
  ];
}

function secretsOf({ receivers, deadMansSwitch, remoteWrite }: MonitoringSettings): [string, string | undefined][] {
  return [
    ...receivers.map((receiver, at): [string, string | undefined] =>
      receiver.kind === "email"
        ? [`observability.receivers.${at}.password`, receiver.password]
        : [`observability.receivers.${at}.token`, receiver.token],
    ),
    ["observability.deadMansSwitch.token", deadMansSwitch?.token],
    ["observability.remoteWrite.password", remoteWrite?.password],
  ];
}

interface SignIn {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

function signInProblems(path: string, { username, password }: SignIn): Problem[] {
  return [
    ...when(
      username === undefined && password !== undefined,
      `${path}.username`,
      undefined,
      "the user whose password it is",
      "write the user, or remove the password",
    ),
    ...when(
      username !== undefined && password === undefined,
      `${path}.password`,
      undefined,
      "the user's password, set as a secret",
      `set it with: pulumi config set --secret --path roost:${path}.password, or remove the user`,
    ),
  ];
}
