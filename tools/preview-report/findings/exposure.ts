/** What more people, pods or networks can reach or read than before. */
import type { Change } from "../changes.ts";
import { containersOf, type KubernetesObject, objectOf, podTemplateOf } from "../objects.ts";
import { pathText } from "../property-diff.ts";
import { list, type Prose, say } from "../prose.ts";
import { at, hasUnknown, itemsOf, Secret, textOf, textsOf, Unknown, type Value } from "../value.ts";
import { valueText } from "../words.ts";
import type { Finding, Level, Rule } from "./finding.ts";
import { networkExposure } from "./network.ts";
import { weakerTls } from "./tls.ts";

export const exposure: Rule = (situation) => [
  ...situation.changes.flatMap((change) => {
    const after = change.resource.action === "delete" ? undefined : objectOf(change.resource, change.resource.after);
    const before = objectOf(change.resource, change.resource.before);
    return [
      ...(after === undefined
        ? []
        : [...service(change, before, after), ...entry(change, before, after), ...hostPorts(change, before, after)]),
      ...revealed(change),
    ];
  }),
  ...networkExposure(situation),
  ...weakerTls(situation),
];

type Before = KubernetesObject | undefined;

/** Services that are reached from outside the cluster. */
function service({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (after.kind !== "core/Service") return [];
  const [was, is] = [publicWay(before), publicWay(after)];
  if (is instanceof Unknown)
    return [finding(resource, "review", say`may be reached from outside: its type is known only at ${"up"}`)];
  if (is === undefined) return [];
  const ports = portsOf(after);
  if (was === undefined) {
    const level = before === undefined ? "review" : "danger";
    return [finding(resource, level, say`is reached from outside the cluster: ${is}, port ${list(ports, 6)}`)];
  }
  const fresh = ports.filter((port) => !portsOf(before).includes(port));
  return [
    ...(fresh.length > 0
      ? [finding(resource, "review", say`serves more ports outside the cluster: ${list(fresh, 6)}`)]
      : []),
    ...(was === is
      ? []
      : [finding(resource, "review", say`is reached from outside in another way: ${`${was}`} → ${is}`)]),
    ...sources(resource, before, after),
  ];
}

function publicWay(object: Before): string | Unknown | undefined {
  const type = at(object?.inputs, "spec", "type");
  if (type instanceof Unknown) return type;
  if (type === "LoadBalancer" || type === "NodePort") return type;
  return itemsOf(at(object?.inputs, "spec", "externalIPs")).length > 0 ? "externalIPs" : undefined;
}

function portsOf(object: Before): string[] {
  return itemsOf(at(object?.inputs, "spec", "ports")).map((port) => valueText(at(port, "port")));
}

/** Addresses that a load balancer lets through; all of them where none are named. */
function sources(resource: Finding["resource"], before: Before, after: KubernetesObject): Finding[] {
  const ranges = (object: Before) => textsOf(at(object?.inputs, "spec", "loadBalancerSourceRanges"));
  const [was, is] = [ranges(before), ranges(after)];
  if (was.length > 0 && is.length === 0)
    return [finding(resource, "danger", say`lets every address through; it was only ${list(was)}`)];
  const fresh = was.length === 0 ? [] : is.filter((range) => !was.includes(range));
  const isOpen = fresh.some((range) => /\/0$/.test(range));
  return fresh.length === 0
    ? []
    : [finding(resource, isOpen ? "danger" : "review", say`lets more addresses through: ${list(fresh)}`)];
}

const ROUTES =
  /^(networking\.k8s\.io\/Ingress|gateway\.networking\.k8s\.io\/(Gateway|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute))$/;

/** Host names, paths and listeners that lead in. */
function entry({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  if (!ROUTES.test(after.kind)) return [];
  if (hasUnknown(at(after.inputs, "spec"))) {
    return [finding(resource, "review", say`leads in by host names or paths, some of which are known only at ${"up"}`)];
  }
  const fresh = entriesTo(after).filter((each) => before === undefined || !entriesTo(before).includes(each));
  const lostTls = before !== undefined && hasTls(before) && !hasTls(after);
  return [
    ...(fresh.length > 0 ? [finding(resource, "review", say`leads in from outside: ${list(fresh)}`)] : []),
    ...(lostTls ? [finding(resource, "danger", say`no longer uses TLS`)] : []),
  ];
}

function entriesTo({ kind, inputs }: KubernetesObject): string[] {
  const spec = at(inputs, "spec");
  if (kind.endsWith("/Ingress")) {
    return itemsOf(at(spec, "rules")).flatMap((rule) => {
      const paths = itemsOf(at(rule, "http", "paths")).map((path) => textOf(at(path, "path")) ?? "/");
      const host = textOf(at(rule, "host")) ?? "*";
      return paths.length === 0 ? [host] : paths.map((path) => `${host}${path}`);
    });
  }
  if (kind.endsWith("/Gateway")) {
    return itemsOf(at(spec, "listeners")).map((each) =>
      ["protocol", "hostname", "port"]
        .map((key) => at(each, key))
        .flatMap((part) => (part === undefined ? [] : [valueText(part)]))
        .join(" "),
    );
  }
  const names = textsOf(at(spec, "hostnames"));
  return names.length === 0 ? ["*"] : [...names];
}

function hasTls({ kind, inputs }: KubernetesObject): boolean {
  if (kind.endsWith("/Ingress")) return itemsOf(at(inputs, "spec", "tls")).length > 0;
  if (!kind.endsWith("/Gateway")) return false;
  return itemsOf(at(inputs, "spec", "listeners")).every((each) =>
    /^(HTTPS|TLS)$/.test(textOf(at(each, "protocol")) ?? ""),
  );
}

/** Ports of nodes that lead to containers, past every Service. */
function hostPorts({ resource }: Change, before: Before, after: KubernetesObject): Finding[] {
  const fresh = hostPortsOf(after).filter((port) => !hostPortsOf(before).includes(port));
  return fresh.length === 0 ? [] : [finding(resource, "review", say`is reached on ports of its node: ${list(fresh)}`)];
}

function hostPortsOf(object: Before): string[] {
  const template = object && podTemplateOf(object);
  const ports = template ? containersOf(template).flatMap((container) => itemsOf(at(container, "ports"))) : [];
  return ports.flatMap((port) => {
    const number = at(port, "hostPort");
    return number === undefined || number === 0 ? [] : [valueText(number)];
  });
}

/** Values that were secret and are so no longer. */
function revealed({ resource, properties }: Change): Finding[] {
  const paths = properties
    .filter(({ before, after }) => before instanceof Secret && isReadable(after))
    .map(({ path }) => pathText(path));
  if (paths.length === 0) return [];
  return [finding(resource, "danger", say`no longer keeps ${list(paths)} secret: the program gives it in plain text`)];
}

function isReadable(value: Value | undefined): boolean {
  return typeof value === "string" && value !== "" && !/^\[masked/.test(value);
}

function finding(resource: Finding["resource"], level: Level, text: Prose): Finding {
  return { category: "exposure", level, ...(resource && { resource }), text };
}
