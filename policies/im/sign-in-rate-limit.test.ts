import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { signInRateLimit } from "./sign-in-rate-limit.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-sign-in-rate-limit", () => {
  const limited = (rc_login: unknown) => homeserver({ rc_login });
  const slow = { per_second: 0.05, burst_count: 5 };

  itJudges(signInRateLimit, {
    passes: {
      "limits for accounts": limited({
        account: slow,
        failed_attempts: slow,
        address: { per_second: 50, burst_count: 999 },
      }),
      "Synapse's own limits": homeserver(),
      "Synapse's own limits for what is left out": limited({ account: { burst_count: 10 } }),
    },
    fails: {
      "guesses without end": [
        limited({ account: slow, failed_attempts: { per_second: 1000, burst_count: 1000 } }),
        "rc_login.failed_attempts lets 60000 a minute through, more than 12",
        "rc_login.failed_attempts lets 1000 at once through, more than 20",
      ],
      "sign-ins without end": [limited({ account: { per_second: 1 } }), "rc_login.account lets 60 a minute through"],
      "what Synapse cannot read": [limited({ account: { per_second: "many" } }), "rc_login cannot be read"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});

describe("im-sign-in-rate-limit, as an operator may set it", () => {
  itJudges(signInRateLimit, {
    settings: { mostPerMinute: 3, mostAtOnce: 5 },
    passes: { "slower limits": homeserver({ rc_login: { failed_attempts: { per_second: 0.05 } } }) },
    fails: { "Synapse's own": [homeserver(), "rc_login.failed_attempts lets 10.2 a minute through, more than 3"] },
    ignores: others,
  });
});
