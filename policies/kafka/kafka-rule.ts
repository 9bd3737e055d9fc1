import { type KafkaFile, kafkaOf } from "../pack/configuration/kafka.ts";
import { isHighlyAvailable } from "../pack/intent.ts";
import { isKind, type Resource } from "../pack/resource.ts";
import {
  type About,
  each,
  type Report,
  type ResourceRule,
  type StackRule,
  stackRule,
  subjectRule,
} from "../pack/rule.ts";

/** A rule about every configuration of a node of Kafka; its messages begin with the file's name. */
export function kafkaRule({ check, ...about }: About & { check(file: KafkaFile, report: Report): void }): ResourceRule {
  return subjectRule(kafkaOf, {
    ...about,
    check: (files, report) => each(files, (file) => check(file, (message) => report(`${file.name} ${message}`))),
  });
}

/** A rule about every configuration of a node that is meant to survive the loss of another. */
export function highlyAvailableKafkaRule({
  check,
  ...about
}: About & { check(file: KafkaFile, report: Report): void }): StackRule {
  const meant = (stack: readonly Resource[]) =>
    stack.filter((resource) => kafkaOf(resource) !== undefined && isHighlyAvailable(stack, namespaceIn(resource)));
  return stackRule({
    ...about,
    appliesTo: (stack) => meant(stack).length > 0,
    check(stack, report) {
      for (const resource of meant(stack))
        each(kafkaOf(resource) ?? [], (file) => check(file, (message) => report(`${file.name} ${message}`, resource)));
    },
  });
}

function namespaceIn(resource: Resource): string {
  if (!isKind(resource, "ConfigMap") && !isKind(resource, "Secret")) return "";
  return resource.props.metadata?.namespace ?? "default";
}
