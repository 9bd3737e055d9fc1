import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  administrationArguments,
  administrationCall,
  homeserverIn,
  kubectlArguments,
  localpartOf,
  newPassword,
  refuseWithSingleSignOn,
} from "./account.ts";

const synapse = {
  type: "kubernetes:apps/v1:StatefulSet",
  inputs: { metadata: { name: "synapse", namespace: "chat" } },
};
const provider = (inputs: object) => ({ type: "pulumi:providers:kubernetes", inputs });
const exported = (...resources: object[]) => ({ version: 3, deployment: { resources } });

describe("where the homeserver is", () => {
  it("is read from what has been deployed", () => {
    const other = { type: synapse.type, inputs: { metadata: { name: "kafka", namespace: "events" } } };
    const inputs = { kubeconfig: "/home/operator/kubeconfig", context: "office" };
    expect(homeserverIn("office", exported(provider(inputs), other, synapse))).toEqual({
      namespace: "chat",
      ...inputs,
    });
  });

  it("leaves the cluster to kubectl where the stack leaves it to Pulumi", () => {
    expect(homeserverIn("office", exported(provider({}), synapse))).toEqual({ namespace: "chat" });
  });

  it.each([
    ["an empty stack", exported()],
    ["a stack that was never up", { version: 3, deployment: {} }],
    ["nothing", null],
  ])("is not known of %s, and it says what to do", (_, state) => {
    expect(() => homeserverIn("office", state)).toThrow("Run `make up STACK=office` first.");
  });
});

describe("kubectl", () => {
  const request = { localpart: "ada", admin: false, reset: false };

  it("runs the program in Synapse's container, in the stack's own cluster", () => {
    const place = { namespace: "chat", kubeconfig: "k", context: "office" };
    const words = kubectlArguments(place, request);
    expect(words.slice(0, 4)).toEqual(["--kubeconfig", "k", "--context", "office"]);
    expect(words.join(" ")).toContain(
      "exec --stdin --quiet --namespace chat statefulset/synapse --container synapse --",
    );
    expect(words.slice(-2)).toEqual(["--", "ada"]);
  });

  it("makes an administrator, or changes an account, only when asked", () => {
    const words = (changes: object) => kubectlArguments({ namespace: "chat" }, { ...request, ...changes });
    expect(words({})).not.toContain("--admin");
    expect(words({})).not.toContain("--existing");
    expect(words({ admin: true })).toContain("--admin");
    expect(words({ reset: true }).join(" ")).toContain("--existing reset");
  });
});

describe("a name", () => {
  it.each(["ada", "ada.lovelace", "a-1", "b=c/d+e"])("may be %s", (name) => {
    expect(localpartOf(name)).toBe(name);
  });

  it.each(["", "Ada", "ada lovelace", "@ada:example.org", "_ada", "ada\n", "adä"])("may not be %j", (name) => {
    expect(() => localpartOf(name)).toThrow(`NAME is ${JSON.stringify(name)}`);
  });
});

describe("a password", () => {
  it("is four groups of legible characters, another each time", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constant(undefined), () => {
        const password = newPassword();
        expect(password).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
        expect(seen.has(password)).toBe(false);
        seen.add(password);
      }),
    );
  });
});

describe("a call of the administration API", () => {
  it.each([
    ["GET /_synapse/admin/v2/users?limit=5", { method: "GET", path: "/_synapse/admin/v2/users?limit=5" }],
    ["/_synapse/admin/v1/rooms", { method: "GET", path: "/_synapse/admin/v1/rooms" }],
    [
      "PUT /_synapse/admin/v2/users/@ada:example.org",
      { method: "PUT", path: "/_synapse/admin/v2/users/@ada:example.org" },
    ],
  ])("may be %s", (text, call) => expect(administrationCall(text)).toEqual(call));

  it.each(["", "GET", "PATCH /_synapse/admin/v1/rooms", "GET /etc/passwd", "GET /_synapse/admin/v1/rooms x"])(
    "may not be %j",
    (text) => expect(() => administrationCall(text)).toThrow("CALL is"),
  );

  it("is made in Synapse's container, and the password is no argument", () => {
    const words = administrationArguments({ namespace: "chat" }, "@admin:example.org", {
      method: "GET",
      path: "/_synapse/admin/v1/rooms",
    });
    expect(words.slice(0, 5)).toEqual(["exec", "--stdin", "--quiet", "--namespace", "chat"]);
    expect(words.slice(-3)).toEqual(["@admin:example.org", "GET", "/_synapse/admin/v1/rooms"]);
  });
});

describe("adding people where they are the directory's", () => {
  const exported = (type: string) => ({ deployment: { resources: [{ type }] } });

  it("is refused, with what to do instead", () => {
    expect(() => refuseWithSingleSignOn("prod", exported("roost:identity:Identity"))).toThrow(/make person/);
    expect(() => refuseWithSingleSignOn("dev", exported("roost:im:Matrix"))).not.toThrow();
  });
});
