import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { personalAccounts } from "./personal-accounts.ts";
import { machine } from "./testing.ts";

describe("servers-personal-accounts", () => {
  const key = (material: string, comment = "") => `ssh-ed25519 ${material} ${comment}`;
  const people = (keys: Readonly<Record<string, readonly string[]>>) =>
    machine({
      ...office,
      administrators: Object.entries(keys).map(([name, sshKeys]) => ({ name, sshKeys, sudo: "all" })),
    });

  itJudges(personalAccounts, {
    passes: {
      "one person": machine(office),
      "people with keys of their own": people({ ada: [key("AAAA"), key("BBBB")], bob: [key("CCCC")] }),
    },
    fails: {
      "an account of a role": [people({ admin: [key("AAAA")] }), "the account admin is nobody's own"],
      "a key that two have, whatever is written behind it": [
        people({ ada: [key("AAAA", "ada")], bob: [key("BBBB"), key("AAAA", "bob")] }),
        "ada and bob have the same key",
      ],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "people who are not known": withUnknown(machine(office), "description.administrators") },
  });
});
