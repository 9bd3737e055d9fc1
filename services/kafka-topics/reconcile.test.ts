import { describe, expect, it } from "@jest/globals";
import { aclsOf, describeAcl, keyOf } from "./acls.ts";
import { reasonOf } from "./reason.ts";
import { problemsOf } from "./reconcile.ts";

const topic = { partitions: 3, replicas: 3, configuration: {} };

describe("rules", () => {
  it("let a reader read, in groups of its own name", () => {
    const acls = aclsOf({ archive: { grants: [{ topic: "im.events", access: "read" }] } });
    expect(acls.map(describeAcl)).toEqual([
      "User:archive: ALLOW READ TOPIC im.events",
      "User:archive: ALLOW READ GROUP archive",
      "User:archive: ALLOW READ GROUP archive.*",
    ]);
  });

  it("let a writer write, and no more", () => {
    const acls = aclsOf({ capture: { grants: [{ topic: "im.events", access: "write" }] } });
    expect(acls.map(describeAcl)).toEqual(["User:capture: ALLOW WRITE TOPIC im.events"]);
  });

  it("are each there once", () => {
    const grants = ["a", "b"].map((name) => ({ topic: name, access: "read" as const }));
    const acls = aclsOf({ archive: { grants: [...grants, ...grants] } });
    expect(acls).toHaveLength(4);
    expect(new Set(acls.map(keyOf)).size).toBe(4);
  });
});

describe("topics", () => {
  const existing = new Map([["im.events", { partitions: 3, replicas: 3 }]]);

  it("may be new, stay, or have more partitions", () => {
    expect(problemsOf({ topics: { "im.events": topic, other: topic } }, existing)).toEqual([]);
    expect(problemsOf({ topics: { "im.events": { ...topic, partitions: 9 } } }, existing)).toEqual([]);
  });

  it("never have fewer, nor another number of copies, and all of it is said at once", () => {
    const problems = problemsOf({ topics: { "im.events": { ...topic, partitions: 2, replicas: 1 } } }, existing);
    expect(problems).toEqual([
      expect.stringContaining("2 partitions, but it has 3"),
      expect.stringContaining("1 copies, but it has 3"),
    ]);
  });
});

describe("a reason", () => {
  it("is what is inside, said once", () => {
    const inner = new Error("Topic authorization failed.");
    expect(reasonOf(new AggregateError([inner, inner], "Producing failed."))).toBe(
      "Producing failed. Topic authorization failed.",
    );
    expect(reasonOf(new Error("a", { cause: inner }))).toBe("a Topic authorization failed.");
    expect(reasonOf("text")).toBe("text");
  });
});
