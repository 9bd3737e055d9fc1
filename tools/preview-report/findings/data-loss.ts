/** What is deleted, replaced, shrunk or left unguarded, of what holds state. */
import type { Change } from "../changes.ts";
import { kindOf, objectOf, podTemplateOf } from "../objects.ts";
import type { Resource, State } from "../preview.ts";
import { leavesOf } from "../property-diff.ts";
import { list, nothing, Prose, say } from "../prose.ts";
import { isCustomResource, stateOfType } from "../stateful.ts";
import { at, itemsOf, textOf, type Value } from "../value.ts";
import { shown, sizeOf } from "../words.ts";
import type { Finding, Level, Rule } from "./finding.ts";

export const dataLoss: Rule = ({ changes }) => changes.flatMap((change) => [...removed(change), ...changed(change)]);

/** Of what goes away, whether for good or to be made anew. */
function removed({ resource, properties }: Change): Finding[] {
  const { action, before, type } = resource;
  if (before === undefined || (action !== "delete" && action !== "replace" && action !== "forget")) return [];
  const lost = lostWith(resource, before);
  const isUnknownKind = isCustomResource(type);
  if (lost === undefined && !isUnknownKind) return [];
  if (before.retainOnDelete || action === "forget") {
    return [finding(resource, "review", say`leaves the stack; the object itself, and ${of(lost)}, stays`)];
  }
  const what = action === "delete" ? "is deleted" : "is replaced: the old one is deleted";
  const why = action === "replace" ? because(resource, properties) : nothing;
  if (lost === undefined) {
    return [
      finding(
        resource,
        "review",
        say`${new Prose(what)}${why}; what its operator then does with data is not known here`,
      ),
    ];
  }
  return [finding(resource, lost.level, say`${new Prose(what)}${why}, and with it ${new Prose(lost.what)}`)];
}

interface Loss {
  readonly what: string;
  readonly level: Level;
}

function lostWith({ type }: Resource, { inputs }: State): Loss | undefined {
  const kind = kindOf(type);
  if (kind === "apps/StatefulSet") {
    const claims = itemsOf(at(inputs, "spec", "volumeClaimTemplates")).length > 0;
    const deletes = at(inputs, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") === "Delete";
    return claims && deletes ? { what: "the volumes of its pods", level: "danger" } : undefined;
  }
  if (kind === "postgresql.cnpg.io/Database") {
    const keeps = (at(inputs, "spec", "databaseReclaimPolicy") ?? "retain") === "retain";
    return keeps ? undefined : { what: "the database, as its reclaim policy says", level: "danger" };
  }
  if (kind === "postgresql.cnpg.io/ScheduledBackup")
    return { what: "the schedule: no backups are made any more", level: "review" };
  const what = stateOfType(type);
  return what === undefined ? undefined : { what, level: "danger" };
}

function of(lost: Loss | undefined): Prose {
  return new Prose(lost?.what ?? "what belongs to it");
}

/** The properties for which a resource has to be replaced. */
export function because({ replaceKeys }: Resource, properties: Change["properties"]): Prose {
  const keys =
    replaceKeys.length > 0
      ? replaceKeys
      : properties.flatMap(({ isReplacing, path }) => (isReplacing ? [`${path[0]}`] : []));
  return keys.length === 0 ? nothing : say` (because of ${list(keys, 3)})`;
}

/** Of what stays: less room, less protection, another volume. */
function changed({ resource, properties }: Change): Finding[] {
  const { action, before, after } = resource;
  if (before === undefined || after === undefined || action === "delete") return [];
  const found: Finding[] = [];
  const holds =
    lostWith(resource, before) ??
    (kindOf(resource.type) === "apps/StatefulSet" || /^tls:.*PrivateKey$/.test(resource.type));
  if (before.protect && !after.protect) {
    found.push(finding(resource, "review", say`is no longer protected: the next update may delete it`));
  }
  if (before.retainOnDelete && !after.retainOnDelete && holds) {
    found.push(finding(resource, "review", say`is no longer retained: when it leaves the stack, its data goes too`));
  }
  for (const { path, before: old, after: now } of properties.flatMap(leavesOf)) {
    const key = path.at(-1);
    if (isStorageSize(resource, path) && isLess(now, old)) {
      found.push(
        finding(
          resource,
          "danger",
          say`has less room: ${shown(old)} → ${shown(now)}; volumes cannot shrink, so its data would have to move`,
        ),
      );
    }
    if (key === "persistentVolumeReclaimPolicy" && old === "Retain" && now !== "Retain") {
      found.push(
        finding(
          resource,
          "danger",
          say`no longer keeps its data when its claim goes: reclaim policy ${shown(old)} → ${shown(now)}`,
        ),
      );
    }
    if (key === "databaseReclaimPolicy" && now === "delete") {
      found.push(
        finding(
          resource,
          "danger",
          say`drops its database when it is deleted: reclaim policy ${shown(old ?? "retain")} → ${shown(now)}`,
        ),
      );
    }
    if (key === "ensure" && now === "absent" && kindOf(resource.type) === "postgresql.cnpg.io/Database") {
      found.push(finding(resource, "danger", say`is dropped: ${"ensure"} is ${"absent"}`));
    }
    if (/^when(Deleted|Scaled)$/.test(`${key}`) && now === "Delete") {
      found.push(
        finding(resource, "review", say`deletes the volumes of its pods from now on: ${`${key}`} is ${"Delete"}`),
      );
    }
  }
  return [...found, ...otherVolumes(resource)];
}

/** Pods that find another volume, or none, where their data was. */
function otherVolumes(resource: Resource): Finding[] {
  const [before, after] = [claimsOf(resource, resource.before), claimsOf(resource, resource.after)];
  return [...before].flatMap(([volume, claim]) => {
    const now = after.get(volume);
    if (now === claim) return [];
    const where = now === undefined ? say`no longer on a claim` : say`on the claim ${now}`;
    return [
      finding(resource, "danger", say`no longer finds what is on the claim ${claim}: its volume ${volume} is ${where}`),
    ];
  });
}

function claimsOf(resource: Resource, state: State | undefined): ReadonlyMap<string, string> {
  const object = objectOf(resource, state);
  const template = object && podTemplateOf(object);
  return new Map(
    itemsOf(at(template, "spec", "volumes")).flatMap((volume): [string, string][] => {
      const [name, claim] = [textOf(at(volume, "name")), textOf(at(volume, "persistentVolumeClaim", "claimName"))];
      return name === undefined || claim === undefined ? [] : [[name, claim]];
    }),
  );
}

function isStorageSize({ type }: Resource, path: readonly unknown[]): boolean {
  const [last, before] = [path.at(-1), path.at(-2)];
  if (last === "storage" && before === "requests") return true;
  return last === "size" && (before === "storage" || before === "walStorage") && isTypeWithStorage(type);
}

function isTypeWithStorage(type: string): boolean {
  return stateOfType(type) !== undefined || isCustomResource(type);
}

function isLess(now: Value | undefined, before: Value | undefined): boolean {
  const [one, other] = [sizeOf(now), sizeOf(before)];
  return one !== undefined && other !== undefined && one < other;
}

function finding(resource: Resource, level: Level, text: Prose): Finding {
  return { category: "data-loss", level, resource, text };
}
