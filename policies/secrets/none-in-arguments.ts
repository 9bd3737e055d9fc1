import type { Container, Handler } from "../pack/kubernetes.ts";
import { isLiteralSecret } from "../pack/recognise/secrets-in.ts";
import { containerRule, each } from "../pack/rule.ts";
import { revealed } from "./words.ts";

export const noneInArguments = containerRule({
  id: "secrets-none-in-arguments",
  title: "No command line or probe has a password, key or token in it",
  why: "Arguments stand in the manifest, and every process of the node sees those of every other. Probes repeat theirs every few seconds, into logs too.",
  fix: "Put the value into a Secret, mount it as a file, and give the path to the program.",
  severity: "critical",
  controls: { cis: ["5.4.1"], nsa: ["network/secrets"], iso: ["A.5.17", "A.8.12"], gbt: ["8.1.4.8 b)"] },
  check(container, report) {
    each(wordsOf(container), (words) => judge(words, report));
    each(handlersOf(container), ([where, handler]) => {
      each(handler.httpGet?.httpHeaders ?? [], ({ name, value = "" }) => {
        for (const what of revealed(name, value)) report(`sends in ${where} the header ${name}, which ${what}`);
      });
    });
  },
});

/** A command line, and what messages call it. */
type Words = readonly [where: string, words: readonly string[]];

function wordsOf(container: Container): readonly Words[] {
  const { command = [], args = [] } = container;
  return [
    ["command", command],
    ["args", args],
    ...handlersOf(container).map(([where, { exec }]): Words => [where, exec?.command ?? []]),
  ];
}

function handlersOf(container: Container): readonly (readonly [where: string, handler: Handler])[] {
  const { startupProbe, livenessProbe, readinessProbe, lifecycle: { postStart, preStop } = {} } = container;
  return Object.entries({ startupProbe, livenessProbe, readinessProbe, postStart, preStop }).flatMap(
    ([where, handler]) => (handler === undefined ? [] : [[where, handler] as const]),
  );
}

function judge([where, words]: Words, report: (message: string) => void): void {
  each([...words.keys()], (index) => {
    const word = words[index] ?? "";
    const before = index === 0 ? "" : (words[index - 1] ?? "");
    // As in `--password`, `hunter2`.
    const isValue = /^--?[\w-]+$/.test(before) && !word.startsWith("-") && isLiteralSecret(before, word);
    const found = isValue ? [`is a value for ${before}`] : revealed("", word);
    for (const what of found) report(`has ${where}[${index}], which ${what}`);
  });
}
