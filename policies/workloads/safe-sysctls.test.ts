import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { safeSysctls } from "./safe-sysctls.ts";
import { podPath, web } from "./testing.ts";

const setting = (...names: string[]) => ({ securityContext: { sysctls: names.map((name) => ({ name, value: "1" })) } });

describe("workloads-safe-sysctls", () => {
  itJudges(safeSysctls, {
    passes: {
      none: web({}),
      "safe ones": web({}, setting("net.ipv4.tcp_keepalive_time", "net.ipv4.ip_unprivileged_port_start")),
    },
    fails: {
      "each other": [
        web({}, setting("kernel.msgmax", "net.ipv4.tcp_syncookies", "net.core.somaxconn")),
        "the pod sets the sysctl kernel.msgmax",
        "the pod sets the sysctl net.core.somaxconn",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a name that is not known": withUnknown(
        web({}, setting("kernel.msgmax")),
        `${podPath}.securityContext.sysctls.0.name`,
      ),
    },
  });
});
