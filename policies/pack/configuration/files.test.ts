import { describe, expect, it } from "@jest/globals";
import { object, withUnknown } from "../testing.ts";
import { Undecided } from "../undecided.ts";
import { fileIn, filesOf } from "./files.ts";

const map = object("ConfigMap", { data: { "a.yaml": "a", "b.yaml": "b" } });
const secret = object("Secret", { data: { old: "b2xk", both: "b2xk" }, stringData: { both: "new" } });
const named = (name: string) => withUnknown(object("Secret", { metadata: { name }, stringData: {} }), "stringData");

describe("the files of a ConfigMap or Secret", () => {
  it("are what it holds, decoded", () => {
    expect(filesOf(map).map(({ name, text }) => [name, text()])).toEqual([
      ["a.yaml", "a"],
      ["b.yaml", "b"],
    ]);
    expect(filesOf(secret).map(({ name, text }) => [name, text()])).toEqual([
      ["old", "old"],
      ["both", "new"],
    ]);
    expect(filesOf(object("Service", {}))).toEqual([]);
  });

  it("are found by name", () => {
    expect(fileIn(map, "b.yaml")?.text()).toBe("b");
    expect(fileIn(secret, "both")?.text()).toBe("new");
    expect(fileIn(map, "c.yaml")).toBeUndefined();
    expect(fileIn(secret, "c.yaml")).toBeUndefined();
  });

  it("hide no others where one of them is not known", () => {
    const [a, b] = filesOf(withUnknown(map, ["data", "a.yaml"]));
    expect(() => a?.text()).toThrow(Undecided);
    expect(b?.text()).toBe("b");
  });

  it("are taken to be none of a configuration where a Secret's are not known, unless it is called one", () => {
    expect(filesOf(named("password"))).toEqual([]);
    expect(() => filesOf(named("synapse-config"))).toThrow(Undecided);
  });

  it("may be there where it is not known whether they are", () => {
    const file = fileIn(named("password"), "secrets.yaml");
    expect(file?.name).toBe("secrets.yaml");
    expect(() => file?.text()).toThrow(Undecided);
  });
});
