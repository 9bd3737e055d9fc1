import { signInRule } from "./realm-rule.ts";

export const exactRedirectUris = signInRule({
  id: "identity-provider-exact-redirect-uris",
  title: "People are sent back to exact addresses, over TLS",
  why: "With a wildcard, a page that somebody else controls can be the one that gets the code. An address without TLS shows it to everybody on the way.",
  fix: "List each of `redirectUris` in full, beginning with https:// and without `*`.",
  severity: "critical",
  controls: { iso: ["A.8.26"] },
  check({ standardFlowEnabled, implicitFlowEnabled, redirectUris, attributes }, report) {
    if (!standardFlowEnabled && !implicitFlowEnabled) return;
    const after = attributes["post.logout.redirect.uris"];
    const all = [...redirectUris, ...(typeof after === "string" ? after.split("##") : [])];
    for (const uri of all.filter((each) => !["", "+", "-"].includes(each))) {
      if (uri.includes("*")) report(`sends people back to any address like ${uri}`);
      else if (!uri.startsWith("https://")) report(`sends people back to ${uri}, not over TLS`);
    }
  },
});
