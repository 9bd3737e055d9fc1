import { homeserverRule, told } from "./homeserver-rule.ts";

export const noIdentityServer = homeserverRule({
  id: "im-no-identity-server",
  title: "Nobody's address or telephone number is looked up at an identity server",
  why: "To find people by their address or number, Synapse asks servers that somebody else runs. These learn whom the organisation's people look for.",
  fix: "Set `enable_3pid_lookup: false`, and name no server in `account_threepid_delegates` or `default_identity_server`.",
  severity: "medium",
  controls: { iso: ["A.5.34", "A.8.12"], gbt: ["8.1.3.1 c)"] },
  check(settings, report) {
    const { enable_3pid_lookup: lookup } = settings;
    if (lookup !== false) report(`enable_3pid_lookup is ${told(lookup)} instead of false`);
    for (const setting of ["default_identity_server", "account_threepid_delegates"]) {
      const server = settings[setting];
      if (server !== undefined && server !== null) report(`${setting} names a server`);
    }
  },
});
