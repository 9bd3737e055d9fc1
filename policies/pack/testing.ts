/** For the tests of rules: resources made up by hand, and sentences about how a rule judges them. */
import { expect, it } from "@jest/globals";
import { configured, judge, type Subject } from "./judge.ts";
import type { Kinds, Metadata, PodSpec } from "./kubernetes.ts";
import { groups, type KubernetesResource, type Resource } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { guarded, Undecided, Unknown } from "./undecided.ts";

/** A resource, or all resources of a stack. */
type Judged = Resource | readonly Resource[];

export interface Cases {
  /** Settings of the rule, and its waivers. @default its own defaults */
  readonly settings?: object;
  readonly passes: Readonly<Record<string, Judged>>;
  /** What is judged, and a part of each message in order. */
  readonly fails: Readonly<Record<string, readonly [Judged, ...messages: (string | RegExp)[]]>>;
  /** What the rule does not apply to. */
  readonly ignores: Readonly<Record<string, Judged>>;
  /** What holds a value, made by {@link withUnknown}, without which the rule cannot be decided. */
  readonly undecided?: Readonly<Record<string, Judged>>;
}

/** Tests for each of the cases. A rule is told apart from one that always passes, always fails, or always applies. */
export function itJudges(rule: Rule, { settings = {}, passes, fails, ignores, undecided = {} }: Cases): void {
  for (const [name, judged] of Object.entries(passes)) {
    it(`passes ${name}`, () => expect(outcome(rule, judged, settings)).toEqual({ applies: true, messages: [] }));
  }
  for (const [name, [judged, ...messages]] of Object.entries(fails)) {
    it(`refuses ${name}`, () => {
      const seen = outcome(rule, judged, settings);
      expect(seen.messages).toEqual(
        messages.map((message) =>
          typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
        ),
      );
      expect(messages.length).toBeGreaterThan(0);
      expect(seen.applies).toBe(true);
    });
  }
  for (const [name, judged] of Object.entries(ignores)) {
    it(`has nothing to say about ${name}`, () =>
      expect(outcome(rule, judged, settings)).toEqual({ applies: false, messages: [] }));
  }
  for (const [name, judged] of Object.entries(undecided)) {
    it(`cannot decide about ${name}`, () => expect(() => outcome(rule, judged, settings)).toThrow(Undecided));
  }
}

function outcome(rule: Rule, judged: Judged, settings: object) {
  const known = configured(rule, settings);
  const messages: string[] = [];
  const all = Array.isArray(judged) ? judged : [judged];
  const subjects: Subject[] =
    rule.about === "stack" ? [{ stack: all, stackUrn: "" }] : all.map((resource) => ({ resource }));
  for (const subject of subjects) judge(known, subject, "2026-01-01", ({ message }) => messages.push(message));
  return { applies: applies(known.rule, all), messages };
}

function applies(rule: Rule, all: readonly Resource[]): boolean {
  return rule.about === "stack" ? rule.appliesTo(all) : all.some((resource) => rule.appliesTo(resource));
}

/** A Kubernetes object in a stack. Its resource is called as the object is. */
export function object<Kind extends keyof Kinds>(
  kind: Kind,
  props: Kinds[Kind],
  { protect = false }: { readonly protect?: boolean } = {},
): KubernetesResource<Kind> {
  const [group = "core"] = groups[kind];
  const name = props.metadata?.name ?? kind.toLowerCase();
  return { ...resource(`kubernetes:${group}/v1:${kind}`, name, props, { protect }), props };
}

/** Any resource in a stack. */
export function resource(
  type: string,
  name: string,
  props: object,
  { protect = false }: { readonly protect?: boolean } = {},
): Resource {
  return { urn: `urn:pulumi:dev::roost::${type}::${name}`, type, name, props, protect };
}

/** A Deployment in the namespace `chat` whose pods are as given. */
export function deployment(spec: PodSpec, metadata: Metadata = {}, replicas = 1): KubernetesResource<"Deployment"> {
  const { name = "web", namespace = "chat", labels = { app: name } } = metadata;
  return object("Deployment", {
    metadata: { ...metadata, name, namespace },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

/**
 * The same resource, in which the value at the path (for example `spec.template.spec.hostPID`, or a list where a key has
 * full stops in it) is not known.
 */
export function withUnknown(known: Resource, path: string | readonly string[]): Resource {
  const props: object = structuredClone(known.props);
  const keys = typeof path === "string" ? path.split(".") : [...path];
  const last = keys.pop() ?? "";
  const parent = keys.reduce((tree, key) => {
    const next: unknown = Reflect.get(tree, key);
    if (typeof next !== "object" || next === null) throw new Error(`${known.name} has no ${key}`);
    return next;
  }, props);
  Reflect.set(parent, last, new Unknown("made up by a test"));
  return { ...known, props: guarded(props) };
}
