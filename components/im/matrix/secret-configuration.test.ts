import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { secretConfiguration } from "./secret-configuration.ts";
import { toYaml } from "./yaml.ts";

const database = { host: "pg-rw.chat.svc", port: 5432, database: "synapse", user: "synapse" };
const args = { database, password: "no: 'yes'", pepper: "0123", connections: { min: 5, max: 12 } };
const configuration = parse(toYaml(secretConfiguration(args)), { version: "1.1" });

describe("the file of secrets", () => {
  it("verifies PostgreSQL's certificate and name, and wants the primary", () => {
    expect(configuration.database.args).toMatchObject({
      host: "pg-rw.chat.svc",
      sslmode: "verify-full",
      sslrootcert: "/authority/ca.crt",
      target_session_attrs: "read-write",
      cp_min: 5,
      cp_max: 12,
    });
  });

  it("gives a silent primary up within 10 s, idle or not", () => {
    const { keepalives_idle, keepalives_interval, keepalives_count, tcp_user_timeout } = configuration.database.args;
    expect(keepalives_idle + keepalives_interval * keepalives_count).toBeLessThanOrEqual(10);
    expect(tcp_user_timeout).toBeLessThanOrEqual(10_000);
  });

  it("keeps passwords as they are, whatever is in them", () => {
    expect(configuration.database.args.password).toBe("no: 'yes'");
    expect(configuration.password_config.pepper).toBe("0123");
  });
});
