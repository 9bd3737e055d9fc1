import { z } from "zod";
import {
  type HaproxyFile,
  haproxyOf,
  type Line,
  linesOf,
  reachesServers,
  type Section,
  sectionsOf,
} from "../pack/configuration/haproxy.ts";
import { each, subjectRule, withSettings } from "../pack/rule.ts";
import { someOf } from "./listeners.ts";

const SECONDS_PER_DAY = 24 * 3600;

/** A frontend for browsers, and the file that it stands in. */
interface WebFrontend {
  readonly frontend: Section;
  readonly file: HaproxyFile["file"];
}

/** @source https://www.rfc-editor.org/rfc/rfc6797 and https://hstspreload.org/#requirements (a year) */
export const hsts = withSettings(
  z.strictObject({
    minimumDays: z.int().min(1).default(365).describe("Days for which browsers must remember to come by TLS only."),
  }),
  ({ minimumDays }) =>
    subjectRule((resource) => someOf(haproxyOf(resource).flatMap(webFrontends)), {
      id: "tls-hsts",
      title: "Browsers are told to come by TLS only",
      why: "The first request to a name that was typed is made in plain text, and whoever is in between can keep it so. With Strict-Transport-Security a browser makes no such request, and lets nobody click past a warning.",
      fix: `Add \`http-after-response set-header Strict-Transport-Security "max-age=${365 * SECONDS_PER_DAY}"\` to the frontend.`,
      severity: "medium",
      controls: { iso: ["A.8.24", "A.8.26"], gbt: ["8.1.2.2 b)"] },
      check(frontends, report) {
        each(frontends, ({ frontend, file }) => {
          const where = `${file.name}: frontend "${frontend.name}"`;
          const days = rememberedDays(frontend);
          if (days === undefined) report(`${where} does not send Strict-Transport-Security with every answer`);
          else if (days < minimumDays) report(`${where} has browsers remember it for ${days} days`);
        });
      },
    }),
);

/** Frontends for HTTP over TLS that lead to servers. */
function webFrontends({ file, sections }: HaproxyFile): readonly WebFrontend[] {
  return sectionsOf(sections, "frontend", "listen")
    .filter(({ lines, effectiveLines }) => isHttp(effectiveLines) && linesOf(lines, "bind").some(hasTls))
    .filter((frontend) => reachesServers(frontend, sections))
    .map((frontend) => ({ frontend, file }));
}

function isHttp(lines: readonly Line[]): boolean {
  return linesOf(lines, "mode").at(-1)?.[1] === "http";
}

function hasTls(bind: Line): boolean {
  return bind.includes("ssl");
}

/** For how long every answer has browsers remember; a header that depends on something else than TLS does not count. */
function rememberedDays({ effectiveLines }: Section): number | undefined {
  for (const [keyword, action = "", name = "", value = "", ...condition] of effectiveLines) {
    if (keyword !== "http-after-response" && keyword !== "http-response") continue;
    if (!/^(set|add)-header$/.test(action) || name.toLowerCase() !== "strict-transport-security") continue;
    if (condition.length > 0 && condition.join(" ") !== "if { ssl_fc }") continue;
    return Math.floor(Number(/max-age=(\d+)/i.exec(value)?.[1] ?? 0) / SECONDS_PER_DAY);
  }
  return undefined;
}
