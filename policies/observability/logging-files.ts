import { z } from "zod";
import { filesOf } from "../pack/configuration/files.ts";
import { settingsIn } from "../pack/configuration/homeserver.ts";
import { isKind, type Resource } from "../pack/resource.ts";
import { type About, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

const logger = z.looseObject({ level: z.union([z.string(), z.number()]).optional() });

/** @source https://docs.python.org/3/library/logging.config.html#logging-config-dictschema */
const logging = z.looseObject({
  version: z.literal(1),
  handlers: z.record(z.string(), z.looseObject({ class: z.string() })),
  loggers: z.record(z.string(), logger).default({}),
  root: logger.optional(),
});

export type Logging = z.output<typeof logging>;

/** A rule about how programs in Python, such as Synapse, log: the configuration of their `logging` in a ConfigMap. */
export function loggingRule(rule: About & { check(logging: Logging, report: Report): void }): ResourceRule {
  return subjectRule(loggingOf, rule);
}

function loggingOf(resource: Resource): Logging | undefined {
  if (!isKind(resource, "ConfigMap")) return undefined;
  const candidates = filesOf(resource).filter(({ name }) => /\.(ya?ml|config)$/.test(name));
  return candidates.map(({ text }) => logging.safeParse(settingsIn(text())).data).find((found) => found !== undefined);
}
