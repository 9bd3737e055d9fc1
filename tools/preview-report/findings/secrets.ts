/** Passwords, keys and certificates that are made anew, and who has to learn of it. */
import type { Change } from "../changes.ts";
import { objectOf, usersOf } from "../objects.ts";
import { pathText } from "../property-diff.ts";
import { list, nothing, Prose, say } from "../prose.ts";
import { at, Secret } from "../value.ts";
import { because } from "./data-loss.ts";
import type { Finding, Level, Rule, Situation } from "./finding.ts";

export const secrets: Rule = (situation) =>
  situation.changes.flatMap((change) => [...generated(change), ...contents(change, situation), ...others(change)]);

/** Of the providers `random` and `tls`, which keep what they made in the state. */
function generated({ resource, properties }: Change): Finding[] {
  const { action, before, type } = resource;
  if (before === undefined || action === "same" || action === "create") return [];
  const what = type.split(":").at(-1) ?? "";
  const why = action === "delete" ? nothing : because(resource, properties);
  if (/^random:/.test(type) && /^Random(Password|Bytes|String|Id|Uuid)$/.test(what)) {
    if (action === "delete") return [finding(resource, "note", say`is forgotten`)];
    const isSecret = what === "RandomPassword" || what === "RandomBytes";
    return action === "replace" ? [finding(resource, isSecret ? "review" : "note", say`gets a new value${why}`)] : [];
  }
  if (!/^tls:/.test(type)) return [];
  if (what === "PrivateKey") {
    if (action === "delete")
      return [
        finding(resource, "review", say`is deleted: what it signed or encrypted can be neither renewed nor read`),
      ];
    return action === "replace"
      ? [finding(resource, "review", say`is made anew${why}: certificates made with the old key must follow`)]
      : [];
  }
  if (action !== "replace" || !/Cert$/.test(what)) return [];
  return [certificate(resource, before.inputs, why)];
}

function certificate(
  resource: Finding["resource"] & Change["resource"],
  inputs: Parameters<typeof at>[0],
  why: Prose,
): Finding {
  const isRenewal = resource.replaceKeys.length > 0 && resource.replaceKeys.every((key) => key === "readyForRenewal");
  const isAuthority = at(inputs, "isCaCertificate") === true;
  const how = isRenewal ? say`is renewed: it is due` : say`is issued anew${why}`;
  if (!isAuthority) return finding(resource, "review", how);
  return finding(
    resource,
    "danger",
    say`${how}; it is an authority: whoever trusts the old one refuses the certificates of the new one`,
  );
}

/** Secrets whose contents change, and the pods that have to notice. */
function contents({ resource, properties }: Change, { objects, changes }: Situation): Finding[] {
  const [before, after] = [objectOf(resource, resource.before), objectOf(resource, resource.after)];
  if (before?.kind !== "core/Secret" || resource.action === "delete" || after === undefined) return [];
  const changed = properties.filter(({ path }) => path[0] === "contents");
  if (changed.length === 0) return [];
  const keys = changed.flatMap(({ path }) => (path.length > 1 ? [pathText(path.slice(1))] : []));
  const users = usersOf(after, objects.after);
  const which = keys.length > 0 ? say` (${list(keys)})` : nothing;
  return [
    finding(
      resource,
      "review",
      say`gets new contents${which}${usersText(
        users.map(({ resource: user }) => user),
        changes,
      )}`,
    ),
  ];
}

function usersText(users: readonly Change["resource"][], changes: readonly Change[]): Prose {
  if (users.length === 0) return nothing;
  const changed = new Set(changes.map(({ resource }) => resource.urn));
  const [names, isOne] = [list(users.map(({ name }) => name)), users.length === 1];
  if (users.every(({ urn }) => changed.has(urn)))
    return say`; it is used by ${names}, which ${new Prose(isOne ? "changes" : "change")} with it`;
  return isOne
    ? say`; it is used by ${names}, which does not restart with this change`
    : say`; it is used by ${names}, of which not all restart with this change`;
}

/** Secret properties of anything else. */
function others({ resource, properties }: Change): Finding[] {
  if (resource.type === "kubernetes:core/v1:Secret" || /^(random|tls):/.test(resource.type)) return [];
  const paths = properties
    .filter(({ before, after }) => before instanceof Secret && after instanceof Secret)
    .map(({ path }) => pathText(path));
  if (paths.length === 0) return [];
  return [finding(resource, "review", say`gets new secret values: ${list(paths)}`)];
}

function finding(resource: Finding["resource"], level: Level, text: Prose): Finding {
  return { category: "secrets", level, ...(resource && { resource }), text };
}
