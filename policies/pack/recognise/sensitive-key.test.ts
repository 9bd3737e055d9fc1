import { describe, expect, it } from "@jest/globals";
import { isDigestKey, isSensitiveKey } from "./sensitive-key.ts";

describe("a key", () => {
  it.each([
    "password",
    "dbPassword",
    "DB_PASSWORD",
    "db-passwd",
    "passphrase",
    "client_secret",
    "registration_shared_secret",
    "api-key",
    "apikey",
    "privateKeyPem",
    "private_key",
    "signing_key",
    "accessToken",
    "ACCESS_TOKENS",
    "--admin-password",
    "connectionString",
    "DSN",
    "authorization",
    "credentials",
    "passwordHash",
    "bearerToken",
    "tls.key",
    "PGPASS_PWD",
  ])("%s says that its value is secret", (key) => {
    expect(isSensitiveKey(key)).toBe(true);
  });

  it.each([
    "secretName",
    "passwordLength",
    "tokenExpirationSeconds",
    "serverTLSSecret",
    "clientCASecret",
    "publicKey",
    "keyAlgorithm",
    "key",
    "tls.crt",
    "ca.crt",
    "topologyKey",
    "monkey",
    "secretKeyRef",
    "imagePullSecretsPolicy",
    "compass",
  ])("%s does not", (key) => {
    expect(isSensitiveKey(key)).toBe(false);
  });

  it.each(["config-hash", "digest", "imageName", "fingerprint", "commit", "checksum", "uid"])(
    "%s names a digest or an identity",
    (key) => expect(isDigestKey(key)).toBe(true),
  );

  it("that names neither a digest nor an identity is no such key", () => {
    expect(["password", "data", "imagePullPolicy"].some(isDigestKey)).toBe(false);
  });
});
