import type { Labels, Metadata } from "../pack/kubernetes.ts";
import { podsOf } from "../pack/pods.ts";
import { groupAndKind, type ObjectResource, type Resource } from "../pack/resource.ts";
import { each, subjectRule } from "../pack/rule.ts";
import { revealed } from "./words.ts";

export const noneInAnnotations = subjectRule(objectOf, {
  id: "secrets-none-in-annotations",
  title: "No annotation or label holds a password, key or token",
  why: "Metadata are shown wherever objects are listed, and monitoring copies labels to places with other readers. Even those of a Secret are not encrypted.",
  fix: "Put the value into a Secret. Where an annotation only has to change with a secret, use a hash of it.",
  severity: "high",
  controls: { nsa: ["network/secrets"], iso: ["A.5.17", "A.8.12"], gbt: ["8.1.4.8 b)"] },
  check(resource, report) {
    judge(resource.props.metadata, "", report);
    judge(podsOf(resource)?.template.metadata, " of the pods", report);
  },
});

function objectOf(resource: Resource): ObjectResource | undefined {
  return groupAndKind(resource.type) === undefined ? undefined : resource;
}

function judge({ annotations, labels }: Metadata = {}, whose: string, report: (message: string) => void): void {
  const parts: readonly (readonly [string, Labels | undefined])[] = [
    ["annotation", annotations],
    ["label", labels],
  ];
  each(parts, ([part, values = {}]) => {
    each(Object.keys(values), (key) => {
      const value = values[key] ?? "";
      if (isFingerprint(key, value)) return;
      for (const what of revealed(nameIn(key), value)) report(`the ${part} "${key}"${whose} ${what}`);
    });
  });
}

/** Without the domain. An annotation that ends in `secret` names the Secret that something is taken from. */
function nameIn(key: string): string {
  const name = key.slice(key.indexOf("/") + 1);
  return /secret$/i.test(name) ? "" : name;
}

/** As in `checksum/secret`, by which pods start anew when a secret changes. */
function isFingerprint(key: string, value: string): boolean {
  return /checksum|hash|digest|sha\d|revision|commit/i.test(key) && /^(?:sha\d+:)?[0-9a-f]{8,128}$/.test(value);
}
