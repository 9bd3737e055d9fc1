/** What a rule is. Rules are plain data and pure functions: they run in the engine, over an exported state, and in tests. */
import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { z } from "zod";
import type { Controls } from "../controls/index.ts";
import type { Container, Kinds } from "./kubernetes.ts";
import { containersOf, type Pods, podsOf } from "./pods.ts";
import { isKind, type KubernetesResource, type Resource } from "./resource.ts";

/** What every rule says about itself. */
export interface About {
  /** The area and the file's name, for example `workloads-no-privileged`. Never changed: waivers and reports name it. */
  readonly id: string;
  /** What holds where the rule is met, as a sentence without a full stop. */
  readonly title: string;
  /** Why it matters, in two sentences. */
  readonly why: string;
  /** What to change where it is broken, in a sentence or two. */
  readonly fix: string;
  readonly severity: Severity;
  /** @default "mandatory" */
  readonly enforcement?: EnforcementLevel;
  /** The controls that the rule answers, by standard. */
  readonly controls: Controls;
}

/** Settings of a rule: a zod schema in which everything has a default. */
export type SettingsSchema = z.ZodObject;

/** A rule about resources one by one: it blocks one before it is made. */
export interface ResourceRule extends About {
  readonly about: "resource";
  readonly settings?: SettingsSchema;
  /** The same rule with other settings than its defaults. @throws ZodError where they are not what the schema says */
  configure?(settings: unknown): ResourceRule;
  /** Whether the rule has anything to say about the resource. */
  appliesTo(resource: Resource): boolean;
  check(resource: Resource, report: Report): void;
}

/** A rule about what resources are to each other: it is decided when all of them are known. */
export interface StackRule extends About {
  readonly about: "stack";
  readonly settings?: SettingsSchema;
  configure?(settings: unknown): StackRule;
  appliesTo(stack: readonly Resource[]): boolean;
  check(stack: readonly Resource[], report: ReportAbout): void;
}

export type Rule = ResourceRule | StackRule;

/** Reports that the rule is broken: how, and by what, as a phrase without a full stop. */
export type Report = (message: string) => void;

/** Reports that a resource breaks the rule, or the stack as a whole. */
export type ReportAbout = (message: string, resource?: Resource) => void;

/** A rule that has settings: `make` gets them, with every default filled in. */
export function withSettings<R extends Rule, Schema extends SettingsSchema>(
  settings: Schema,
  make: (settings: z.output<Schema>) => R,
): R {
  const configure = (given: unknown): R => ({ ...make(settings.parse(given)), settings, configure });
  return configure({});
}

/** A rule about every resource that makes pods. */
export function podRule(rule: About & { check(pods: Pods, report: Report): void }): ResourceRule {
  return subjectRule(podsOf, rule);
}

/** A rule about every container of every pod; its messages begin with the container's name. */
export function containerRule({
  check,
  ...about
}: About & { check(container: Container, report: Report, pods: Pods): void }): ResourceRule {
  return podRule({
    ...about,
    check(pods, report) {
      each(containersOf(pods.spec), (container) => {
        check(container, (message) => report(`container "${container.name}" ${message}`), pods);
      });
    },
  });
}

/** A rule about Kubernetes objects of one kind. */
export function kindRule<Kind extends keyof Kinds>(
  kind: Kind,
  rule: About & { check(object: KubernetesResource<Kind>, report: Report): void },
): ResourceRule {
  return subjectRule((resource) => (isKind(resource, kind) ? resource : undefined), rule);
}

/** A rule about whatever `find` finds in a resource. */
export function subjectRule<Subject>(
  find: (resource: Resource) => Subject | undefined,
  { check, ...about }: About & { check(subject: Subject, report: Report): void },
): ResourceRule {
  return {
    ...about,
    about: "resource",
    appliesTo: (resource) => find(resource) !== undefined,
    check(resource, report) {
      const subject = find(resource);
      if (subject !== undefined) check(subject, report);
    },
  };
}

/** A rule about the stack as a whole. */
export function stackRule(rule: About & Pick<StackRule, "appliesTo" | "check">): StackRule {
  return { ...rule, about: "stack" };
}

/**
 * Does the same for each item, and only then passes on the first error. A value that is not known yet thus hides
 * nothing that can be said about the other items.
 */
export function each<Item>(items: readonly Item[], judge: (item: Item) => void): void {
  const errors: unknown[] = [];
  for (let index = 0; index < items.length; index++) {
    try {
      // Read here, because an item of the list may itself be what is not known.
      const item = items[index];
      if (item !== undefined) judge(item);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
