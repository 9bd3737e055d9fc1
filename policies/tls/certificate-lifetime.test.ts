import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { certificateLifetime } from "./certificate-lifetime.ts";
import { authority, certificate, request } from "./testing.ts";

const days = (count: number) => ({ validityPeriodHours: count * 24 });

describe("tls-certificate-lifetime", () => {
  itJudges(certificateLifetime, {
    passes: {
      "a short-lived certificate": certificate(days(90)),
      "the longest for a leaf": certificate(days(398)),
      "the longest for an authority": authority(days(3650)),
    },
    fails: {
      "a leaf that is valid for years": [
        certificate(days(3650)),
        "the certificate is valid for 3650 days, which is more than 398",
      ],
      "an authority that is valid for decades": [authority(days(7300)), "7300 days, which is more than 3650"],
      "a leaf that signs itself": [authority({ ...days(3650), isCaCertificate: false }), "more than 398"],
      "an hour too many": [certificate({ validityPeriodHours: 398 * 24 + 1 }), "valid for 399 days"],
      "a certificate that ends unnoticed": [
        certificate({ earlyRenewalHours: undefined }),
        "the certificate is not renewed before it ends",
      ],
      "a certificate that no update leaves alone": [
        certificate({ ...days(30), earlyRenewalHours: 720 }),
        "the certificate is renewed by every update",
      ],
    },
    ignores: { "what is no certificate": request() },
    undecided: { "a time that is not known": withUnknown(certificate(), "validityPeriodHours") },
  });

  describe("as public authorities have it", () => {
    itJudges(certificateLifetime, {
      settings: { leafDays: 47, authorityDays: 1000 },
      passes: { "such a leaf": certificate(days(47)) },
      fails: {
        "a longer one": [certificate(days(90)), "more than 47"],
        "an authority": [authority(), "more than 1000"],
      },
      ignores: {},
    });
  });
});
