import { describe, expect, it } from "@jest/globals";
import { rolesOf } from "./roles-of-group.ts";

const rights = { groupsClient: "directory", groups: ["Staff", "it"], roles: { "may:chat": ["Staff"], none: [] } };

describe("the roles of a group", () => {
  it("are its own and those that it brings, whatever the case of its name", () => {
    expect([...rolesOf("staff", rights)]).toEqual(["Staff", "may:chat"]);
    expect([...rolesOf("it", rights)]).toEqual(["it"]);
  });

  it("are none where it is not named", () => expect([...rolesOf("others", rights)]).toEqual([]));
});
