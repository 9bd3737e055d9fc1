import { z } from "zod";
import { each, subjectRule, withSettings } from "../pack/rule.ts";
import { someOf, tlsEndsOf } from "./listeners.ts";
import { isOlder } from "./versions.ts";

/** @source https://www.rfc-editor.org/rfc/rfc8996 (1.0 and 1.1 must not be used) and https://www.rfc-editor.org/rfc/rfc9325 */
export const minimumVersion = withSettings(
  z.strictObject({
    minimum: z.enum(["1.2", "1.3"]).default("1.2").describe("The oldest version of TLS that may be spoken."),
  }),
  ({ minimum }) =>
    subjectRule((resource) => someOf(tlsEndsOf(resource)), {
      id: "tls-minimum-version",
      title: `No version of TLS before ${minimum} is spoken`,
      why: "Versions before 1.2 rest on MD5, SHA-1 and modes of encryption that are broken. What is not said is decided by the build of a program, which changes with its image.",
      fix: `Say it where the program is configured: HAProxy \`ssl-min-ver TLSv${minimum}\`, nginx \`ssl_protocols\`, PostgreSQL \`ssl_min_protocol_version\`.`,
      severity: "high",
      controls: {
        nsa: ["network/encryption"],
        iso: ["A.8.20", "A.8.24"],
        gbt: ["8.1.2.2 b)", "8.1.4.8 a)"],
      },
      check(ends, report) {
        each(ends, ({ where, settings: { oldest } }) => {
          if (oldest === undefined) report(`${where} does not say which version of TLS is the oldest`);
          else if (isOlder(oldest, `TLSv${minimum}`)) report(`${where} speaks ${oldest}, which is before ${minimum}`);
        });
      },
    }),
);
