import { looksRandom } from "../pack/recognise/looks-random.ts";
import { isSensitiveKey } from "../pack/recognise/sensitive-key.ts";
import type { KubernetesResource, Resource } from "../pack/resource.ts";
import { isKind, nameOf, ofKind } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { isPrivateKey, isPublic, keysIn } from "./keys.ts";
import { partOf } from "./uses.ts";

/** Shorter values, such as a name, are found twice by chance. */
const minimumLength = 8;

/** What is known only after the update is judged then: no value stands in a message. */
export const distinctValues = stackRule({
  id: "secrets-distinct-values",
  title: "No two Secrets hold the same credential",
  why: "A credential that stands in two places is changed in one of them. Whoever gets hold of the less protected one has what the other protects.",
  fix: "Mount the Secret that there is, or make a value of its own for each purpose, for example with a RandomPassword of its own. A copy for a client in another namespace has the Secret's own name.",
  severity: "high",
  controls: { iso: ["A.5.17"], gbt: ["8.1.4.2 c)"] },
  appliesTo: (stack) => ofKind(stack, "Secret").length > 1,
  check(stack, report) {
    const first = new Map<string, Place>();
    const brief = readByJobsAlone(stack);
    const places = ofKind(stack, "Secret").flatMap((secret) => keysIn(secret).map((key) => ({ secret, key })));
    each(places, (place) => {
      const { secret, key } = place;
      if (isPublic(key)) return;
      const value = plainText(place);
      if (value.length < minimumLength || !isCredential(key, value)) return;
      const before = first.get(value);
      if (before === undefined) first.set(value, place);
      else if (!isCopy(before, place) && !brief.has(nameOf(before.secret)) && !brief.has(nameOf(secret)))
        report(`${textOf(place)} is the same as ${textOf(before)}`, secret);
    });
  },
});

interface Place {
  readonly secret: KubernetesResource<"Secret">;
  readonly key: string;
}

/** Secrets of Jobs that make accounts, which have the passwords of others for that time. */
function readByJobsAlone(stack: readonly Resource[]): ReadonlySet<string> {
  const readers = new Map<string, boolean[]>();
  for (const { resource, namespace, uses } of stack.flatMap((each) => partOf(each) ?? [])) {
    const isJob = isKind(resource, "Job") || isKind(resource, "CronJob");
    for (const { secret } of uses) {
      const name = `${namespace}/${secret}`;
      readers.set(name, [...(readers.get(name) ?? []), isJob]);
    }
  }
  return new Set([...readers].flatMap(([name, areJobs]) => (areJobs.every(Boolean) ? [name] : [])));
}

function plainText({ secret: { props }, key }: Place): string {
  const plain = props.stringData?.[key];
  return (plain ?? Buffer.from(props.data?.[key] ?? "", "base64").toString()).trim();
}

function isCredential(key: string, value: string): boolean {
  return isPrivateKey(key) || isSensitiveKey(key) || looksRandom(value);
}

/** Whether they are one credential for a client and its server, which may be in other namespaces; or one under two keys. */
function isCopy(one: Place, other: Place): boolean {
  return one.secret.props.metadata?.name === other.secret.props.metadata?.name;
}

function textOf({ secret, key }: Place): string {
  return `"${key}" of ${nameOf(secret)}`;
}
