import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseEnvironment, planOf, readSettings } from "../environment/index.ts";
import { planText } from "./plan-text.ts";
import { stackSettings, withoutSalt } from "./stack-settings.ts";

describe("a stack's settings file", () => {
  it("gives texts, as the engine does", () => {
    const { config } = stackSettings("config:\n  roost:users: 25\n  roost:edge:\n    tlsMinimum: '1.3'\n");
    expect(config).toEqual({ "roost:users": "25", "roost:edge": '{"tlsMinimum":"1.3"}' });
  });

  it("keeps what is encrypted unknown", () => {
    const text =
      "config:\n  roost:edge:\n    certificate:\n      kind: provided\n      certificatePem:\n        secure: v1:abc\n      keyPem:\n        secure: v1:def\n";
    const { config, withheld } = stackSettings(`${text}  roost:domain: roost.test\n`);
    expect([...withheld]).toEqual(["edge.certificate.certificatePem", "edge.certificate.keyPem"]);
    expect(JSON.stringify(config)).not.toContain("v1:");
    expect(() => parseEnvironment(readSettings(config), { withheld })).not.toThrow();
  });

  it("may be empty", () => {
    expect(stackSettings("").config).toEqual({});
    expect(stackSettings("encryptionsalt: v1:abc\n").config).toEqual({});
  });

  it("goes without the salt of another passphrase, unless it holds secrets", () => {
    const settings = "config:\n  roost:users: 25\n";
    expect(withoutSalt(`encryptionsalt: v1:abc=:v1:d\n${settings}`)).toBe(settings);
    expect(withoutSalt(`${settings}encryptionsalt: v1:abc=:v1:d\n`)).toBe(settings);
    expect(withoutSalt(settings)).toBe(settings);
    const secret = `encryptionsalt: v1:abc=:v1:d\n${settings}  roost:edge:\n    keyPem:\n      secure: v1:def\n`;
    expect(withoutSalt(secret)).toBe(secret);
  });

  it.each(["dev", "prod"])("is right for %s, and its plan can be printed", (stack) => {
    const { config, withheld } = stackSettings(readFileSync(`Pulumi.${stack}.yaml`, "utf8"));
    const environment = parseEnvironment(readSettings(config), { withheld });
    const text = planText(stack, environment, planOf(environment));
    for (const part of ["postgres", "synapse", "web client", "edge", "all together"])
      expect(text).toContain(`\n${part}`);
  });

  it("has a plan that can be printed where it asks for more than there is", () => {
    const { config, withheld } = stackSettings(readFileSync("Pulumi.dev.yaml", "utf8"));
    const circumstances = { withheld, machine: { cpus: 0.1, memoryMiB: 64 } };
    const environment = () => parseEnvironment(readSettings(config), circumstances);
    expect(environment).toThrow(/settings whose plan fits/);
    const whatever = parseEnvironment(readSettings(config), { ...circumstances, mustFit: false });
    expect(planText("dev", whatever, planOf(whatever))).toContain("\nall together");
  });
});
