import { type Line, linesOf, sectionsOf } from "../pack/configuration/haproxy.ts";
import { edgeLogRule, type ServingFrontend } from "./edge-log-rule.ts";

export const edgeAccessLog = edgeLogRule({
  id: "observability-edge-access-log",
  title: "The edge logs every request that it passes on",
  why: "The edge is the only place that sees who came from where, and what was asked. Without its log an intrusion cannot be followed back, nor an outage explained.",
  fix: "Give `global` a `log` line, and the frontend or its defaults `log global`, without `no log`.",
  severity: "medium",
  controls: { nsa: ["audit/logging"], iso: ["A.8.15"], gbt: ["8.1.3.5 a)"] },
  check(frontend, report) {
    if (targetsOf(frontend).length === 0) report("logs to nowhere");
    if (linesOf(frontend.frontend.effectiveLines, "http-request").some(isSilence))
      report("leaves requests out of its log");
  },
});

/** The lines that say where it logs to; `no log` undoes those before it. */
function targetsOf({ frontend: { effectiveLines: lines }, sections }: ServingFrontend): readonly Line[] {
  const globals = sectionsOf(sections, "global").flatMap((section) => linesOf(section.lines, "log"));
  const undone = lines.findLastIndex(([first, second]) => first === "no" && second === "log");
  return linesOf(lines.slice(undone + 1), "log").flatMap((line) => (line[1] === "global" ? globals : [line]));
}

function isSilence([, action, level]: Line): boolean {
  return action === "set-log-level" && level === "silent";
}
