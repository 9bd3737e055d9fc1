import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noWildcardCertificates } from "./no-wildcard-certificates.ts";
import { authority, certificate, request } from "./testing.ts";

describe("tls-no-wildcard-certificates", () => {
  itJudges(noWildcardCertificates, {
    passes: {
      "names of hosts": request({ dnsNames: ["chat.example.org", "localhost"] }),
      "no names": authority(),
    },
    fails: {
      "each wildcard": [
        request({ dnsNames: ["*.example.org", "chat.example.org", "*.example.net"] }),
        "the certificate is for every host of *.example.org",
        "every host of *.example.net",
      ],
      "a wildcard that signs itself": [authority({ dnsNames: ["*.chat.svc"] }), "*.chat.svc"],
    },
    ignores: { "a certificate, whose names its request has": certificate() },
    undecided: { "names that are not known": withUnknown(request({ dnsNames: [] }), "dnsNames") },
  });
});
