import { z } from "zod";
import { subjectRule, withSettings } from "../pack/rule.ts";
import { certificateOf } from "./resources.ts";

const HOURS_PER_DAY = 24;

/**
 * Browsers refused longer certificates of public authorities until March 2026, since when the limit falls by steps; Apple's
 * take at most 825 days from private ones.
 *
 * @source https://cabforum.org/working-groups/server/baseline-requirements/ (6.3.2) and https://support.apple.com/en-us/103769
 */
const leafDays = 398;

/** No standard sets a figure for a private authority: this is what this project's own has. */
const authorityDays = 3650;

export const certificateLifetime = withSettings(
  z.strictObject({
    leafDays: z
      .int()
      .min(1)
      .default(leafDays)
      .describe("Days that a server's or a client's certificate is valid at most."),
    authorityDays: z
      .int()
      .min(1)
      .default(authorityDays)
      .describe("Days that an authority's certificate is valid at most."),
  }),
  (settings) =>
    subjectRule((resource) => certificateOf(resource)?.props, {
      id: "tls-certificate-lifetime",
      title: "Certificates are short-lived, and are renewed before they end",
      why: "A private authority cannot take a certificate back, so that a stolen key is good until its certificate ends. One that ends before it was renewed stops every connection at once.",
      fix: `Set \`validityPeriodHours\` to at most ${settings.leafDays * HOURS_PER_DAY} (an authority's to ${settings.authorityDays * HOURS_PER_DAY}), and \`earlyRenewalHours\` to the time that is needed between two updates.`,
      severity: "medium",
      controls: { iso: ["A.5.17", "A.8.24"] },
      check({ isCaCertificate = false, validityPeriodHours = 0, earlyRenewalHours = 0 }, report) {
        const most = isCaCertificate ? settings.authorityDays : settings.leafDays;
        const days = Math.ceil(validityPeriodHours / HOURS_PER_DAY);
        if (days > most) report(`the certificate is valid for ${days} days, which is more than ${most}`);
        if (earlyRenewalHours <= 0) report("the certificate is not renewed before it ends");
        else if (earlyRenewalHours >= validityPeriodHours) report("the certificate is renewed by every update");
      },
    }),
);
