import { describe, expect, it } from "@jest/globals";
import { found, keep, remove, replace, update, workload } from "../testing.ts";

const password = "random:index/randomPassword:RandomPassword";
const key = "tls:index/privateKey:PrivateKey";
const certificate = "tls:index/locallySignedCert:LocallySignedCert";

describe("what is generated", () => {
  it("is a new password when it is replaced, and the reason is told", () => {
    expect(found("secrets", replace(password, "pg", {}, {}, { keys: ["keepers"] }))).toEqual([
      "review pg gets a new value (because of `keepers`)",
    ]);
    expect(found("secrets", replace("random:index/randomPet:RandomPet", "pet", {}, {}))).toEqual([]);
  });

  it("is a new key, which certificates have to follow; a deleted one is missed", () => {
    expect(found("secrets", replace(key, "web", {}, {}))[0]).toContain(
      "certificates made with the old key must follow",
    );
    expect(found("secrets", remove(key, "web"))[0]).toContain("can be neither renewed nor read");
  });

  it("is a certificate that is renewed because it is due, or issued anew", () => {
    expect(found("secrets", replace(certificate, "edge", {}, {}, { keys: ["readyForRenewal"] }))).toEqual([
      "review edge is renewed: it is due",
    ]);
    expect(found("secrets", replace(certificate, "edge", {}, {}, { keys: ["dnsNames"] }))).toEqual([
      "review edge is issued anew (because of `dnsNames`)",
    ]);
  });

  it("is a danger where the certificate is an authority's", () => {
    expect(
      found("secrets", replace("tls:index/selfSignedCert:SelfSignedCert", "ca", { isCaCertificate: true }, {}))[0],
    ).toMatch(/^danger ca is issued anew; it is an authority/);
  });
});

describe("a Secret whose contents change", () => {
  const change = update(
    "core/v1:Secret",
    "pg",
    { stringData: { password: "one-password" } },
    { stringData: { password: "two-password" } },
  );
  const using = workload("web", { container: { envFrom: [{ secretRef: { name: "pg" } }] } });

  it("names the keys, and the pods that have to notice", () => {
    expect(found("secrets", change, keep("apps/v1:Deployment", "web", using))).toEqual([
      "review pg gets new contents (`password`); it is used by `web`, which does not restart with this change",
    ]);
    const rolled = workload("web", { replicas: 2, container: { envFrom: [{ secretRef: { name: "pg" } }] } });
    expect(found("secrets", change, update("apps/v1:Deployment", "web", using, rolled))).toEqual([
      "review pg gets new contents (`password`); it is used by `web`, which changes with it",
    ]);
  });

  it("is one whether it is written in plain text or in base64", () => {
    const [plain, encoded] = [
      { stringData: { a: "s3cret-value" } },
      { data: { a: Buffer.from("s3cret-value").toString("base64") } },
    ];
    expect(found("secrets", update("core/v1:Secret", "pg", plain, encoded))).toEqual([]);
  });

  it("is told where the engine hides what changed", () => {
    const hidden = { stringData: { password: "[secret]" } };
    const detailedDiff = { "stringData.password": { diffKind: "update", inputDiff: true } };
    expect(found("secrets", update("core/v1:Secret", "pg", hidden, hidden, { detailedDiff }))).toEqual([
      "review pg gets new contents (`password`)",
    ]);
    expect(found("secrets", update("core/v1:Secret", "pg", hidden, hidden))).toEqual([]);
  });
});

describe("any other secret property", () => {
  it("is told by where it lies", () => {
    expect(
      found("secrets", update("vault:index:Mount", "kv", { token: "first-token-1" }, { token: "second-token-2" })),
    ).toEqual(["review kv gets new secret values: `token`"]);
  });
});
