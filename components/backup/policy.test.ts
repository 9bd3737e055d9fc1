import { describe, expect, it } from "@jest/globals";
import { bucketPolicy, widest } from "./policy.ts";
import type { BucketAccess } from "./store.ts";

const allowed = (access: BucketAccess) =>
  bucketPolicy("archive", new Map([["client", access]]))?.Statement.flatMap(({ Action }) => Action) ?? [];

describe("a bucket's policy", () => {
  it("is none where nobody is connected, so that nobody gets in", () => {
    expect(bucketPolicy("archive", new Map())).toBeUndefined();
  });

  it("lets each do more than the one before, and nobody more than manage", () => {
    expect(allowed("append")).toEqual(expect.arrayContaining([...allowed("read")]));
    expect(allowed("manage")).toEqual(expect.arrayContaining([...allowed("append")]));
  });

  it("lets a reader write nothing", () => {
    expect(allowed("read").filter((action) => !/^s3:(Get|List)/.test(action))).toEqual([]);
  });

  it("lets who appends take nothing away", () => {
    expect(allowed("append").filter((action) => /Delete|Hold$/.test(action))).toEqual(["s3:GetObjectLegalHold"]);
  });

  it("lets nobody go past a lock, nor change who may do what, nor stop keeping versions", () => {
    expect(allowed("manage").join()).not.toMatch(/Bypass|Policy|PutBucket|Acl|\*/);
  });

  it("is of this bucket alone, and names its clients in an order of its own", () => {
    const policy = bucketPolicy(
      "archive",
      new Map<string, BucketAccess>([
        ["b", "read"],
        ["c", "append"],
        ["a", "read"],
      ]),
    );
    expect(policy?.Statement.map(({ Sid, Principal, Resource }) => [Sid, Principal.AWS, Resource])).toEqual([
      ["read", ["a", "b"], ["arn:aws:s3:::archive"]],
      ["readObjects", ["a", "b"], ["arn:aws:s3:::archive/*"]],
      ["append", ["c"], ["arn:aws:s3:::archive"]],
      ["appendObjects", ["c"], ["arn:aws:s3:::archive/*"]],
    ]);
  });
});

it("gives who has two rights the wider one", () => {
  expect(widest(undefined, "read")).toBe("read");
  expect(widest("append", "read")).toBe("append");
  expect(widest("read", "manage")).toBe("manage");
});
