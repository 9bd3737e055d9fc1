import { loggingRule } from "./logging-files.ts";

export const logsToStdout = loggingRule({
  id: "observability-logs-to-stdout",
  title: "Programs write their logs to the standard output, not to files",
  why: "What a container writes to a file nobody gathers, and it is gone with the pod, or fills its volume. From the standard output the node takes it to where logs are kept and looked at.",
  fix: "Use `logging.StreamHandler` with `ext://sys.stdout` instead of handlers that write files.",
  severity: "low",
  controls: { nsa: ["audit/workers"], iso: ["A.8.15"], gbt: ["8.1.5.4 d)"] },
  check({ handlers }, report) {
    for (const [name, handler] of Object.entries(handlers)) {
      if (/FileHandler$/.test(handler.class)) report(`the handler "${name}" writes to a file (${handler.class})`);
    }
  },
});
