/** What a preview changes, resource by resource and property by property, with noise set apart. */
import { type NoiseRule, noiseRuleOf } from "./noise.ts";
import { type Preview, parsePath, type Resource, type State } from "./preview.ts";
import { areRelated, type Difference, differences, stepsOf, valueAt } from "./property-diff.ts";
import { isList, isTree, Secret, same, type Tree, type Value } from "./value.ts";

export interface Change {
  readonly resource: Resource;
  /** Of an update or a replacement; what is made or deleted has no properties that change. */
  readonly properties: readonly PropertyChange[];
  /** Differences that say nothing, and why. */
  readonly noise: readonly (Difference & { readonly rule: NoiseRule })[];
}

export interface PropertyChange extends Difference {
  /** It is why the resource has to be replaced. */
  readonly isReplacing: boolean;
  /** The program asks for what it asked for before: somebody else changed what really exists. */
  readonly isDrift: boolean;
}

/** All that is not left as it is. */
export function changesOf({ resources }: Preview): readonly Change[] {
  const changed = resources.filter(isChanged);
  const hasHashedChange = changed.some(({ type }) => /:(ConfigMap|Secret)$|^(random|tls):/.test(type));
  return changed.map((resource) => {
    const { properties, noise } = propertyChanges(resource, hasHashedChange);
    return { resource, properties, noise };
  });
}

/** `kubernetes:apps/v1:Deployment` → `Deployment` */
export function kindText(type: string): string {
  const kind = type.split(":").at(-1) ?? type;
  return type.startsWith("pulumi:providers:") ? `Provider ${kind}` : kind;
}

function isChanged({ action, before, after }: Resource): boolean {
  if (action === "read" || action === "refresh") return false;
  if (action !== "same") return true;
  return before !== undefined && after !== undefined && before.protect !== after.protect;
}

function propertyChanges(resource: Resource, hasHashedChange: boolean) {
  const { before, after } = resource;
  if (!before || !after || resource.action === "same") return { properties: [], noise: [] };
  const found = [...asked(resource, before, after), ...told(resource, before, after)];
  const surroundings = { hasHashedChange, hiddenDiffs: [...before.hiddenDiffs, ...after.hiddenDiffs] };
  const judged = found.map(({ isUnasked, ...change }) => ({
    change,
    rule: isUnasked ? ("serverDefault" as const) : noiseRuleOf(change, surroundings),
  }));
  return {
    properties: judged.flatMap(({ change, rule }) => (rule === undefined ? [change] : [])),
    noise: judged.flatMap(({ change, rule }) => (rule === undefined ? [] : [{ ...change, rule }])),
  };
}

interface Found extends PropertyChange {
  /** The program says nothing about it, now or before. */
  readonly isUnasked: boolean;
}

/** What the program asks for now and did not before. */
function asked(resource: Resource, before: State, after: State): Found[] {
  const [old, now] = [inputsOf(resource, before), inputsOf(resource, after)];
  const replacing = [
    ...resource.reported.filter(({ isReplacing }) => isReplacing).map(({ path }) => path),
    ...resource.replaceKeys.map(parsePath),
  ];
  return differences(old, now).map((difference) => ({
    ...difference,
    isReplacing: replacing.some((path) => areRelated(stepsOf(renamed(resource, path), old, now), difference.path)),
    isDrift: false,
    isUnasked: false,
  }));
}

/** What else the provider found: hidden values that it can compare, and what somebody else changed. */
function told(resource: Resource, before: State, after: State): Found[] {
  const [old, now] = [inputsOf(resource, before), inputsOf(resource, after)];
  const known = differences(old, now);
  const found = resource.reported.flatMap((each): Found[] => {
    const path = renamed(resource, each.path);
    const steps = stepsOf(path, old, now);
    if (known.some((difference) => areRelated(steps, difference.path))) return [];
    // By names: the provider counts items, which are others as soon as one is put before them.
    const [was, is] = [valueAt(old, steps), valueAt(now, steps)];
    const real = each.isInputDiff ? was : valueAt(before.outputs, steps);
    const change = {
      path: steps,
      ...(real !== undefined && { before: real }),
      ...(is !== undefined && { after: is }),
      isReplacing: each.isReplacing,
      isDrift: false,
      isUnasked: false,
    };
    // Of what is hidden only the engine can tell whether it is another.
    if (holdsSecret(was) || holdsSecret(is)) return [{ ...change, ...(was !== undefined && { before: was }) }];
    // An output, such as a certificate's `readyForRenewal`: a reason, but no property that changes.
    if (was === undefined && is === undefined && !isKubernetes(resource)) return [];
    if (was === undefined && is === undefined) return [{ ...change, isUnasked: true }];
    return same(real, is) ? [] : [{ ...change, isDrift: true }];
  });
  // Both halves of a Secret's contents may be named for one change.
  return [...new Map(found.map((each) => [JSON.stringify(each.path), each])).values()];
}

function isKubernetes({ type }: Resource): boolean {
  return type.startsWith("kubernetes:");
}

/**
 * A resource's inputs as they are compared. The `data` and `stringData` of a Secret are two ways to write its contents:
 * the provider turns one into the other as soon as it knows the values.
 */
export function inputsOf({ type }: Resource, { inputs }: State): Tree {
  if (type !== "kubernetes:core/v1:Secret") return inputs;
  const { data, stringData, ...rest } = inputs;
  const parts = [data, stringData].filter((part) => part !== undefined && part !== null);
  if (parts.length === 0) return rest;
  const opaque = parts.find((part) => !isTree(part));
  return { ...rest, contents: opaque ?? Object.assign({}, ...parts) };
}

function renamed({ type }: Resource, path: readonly (string | number)[]): readonly (string | number)[] {
  const [first, ...rest] = path;
  const isContents = type === "kubernetes:core/v1:Secret" && (first === "data" || first === "stringData");
  return isContents ? ["contents", ...rest] : path;
}

function holdsSecret(value: Value | undefined): boolean {
  if (value instanceof Secret) return true;
  if (isList(value)) return value.some(holdsSecret);
  return isTree(value) && Object.values(value).some(holdsSecret);
}
