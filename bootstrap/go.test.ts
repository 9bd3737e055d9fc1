import { describe, expect, it } from "@jest/globals";
import { atLeast, linkedModules } from "./go.ts";

describe("Go versions", () => {
  it("are compared as numbers", () => {
    expect(atLeast("1.26.8", "1.25.11")).toBe(true);
    expect(atLeast("1.9", "1.25")).toBe(false);
    expect(atLeast("1.25.8", "1.25.8")).toBe(true);
    expect(atLeast("0", "1.0")).toBe(false);
  });
});

describe("a program's modules", () => {
  it("are named with what replaced them, and ours are left out", () => {
    const listing = [
      "pulumi: go1.26.8",
      "\tpath\texample.org/main",
      "\tmod\texample.org/main\t(devel)\t",
      "\tdep\texample.org/a\tv1.0.0\th1:x=",
      "\tdep\texample.org/b\tv1.0.0",
      "\t=>\texample.org/c\tv2.0.0\th1:y=",
      "\tdep\texample.org/shim\tv0.0.0",
      "\t=>\t./shim\t(devel)\t",
      "\tbuild\t-trimpath=true",
    ].join("\n");
    expect(linkedModules(listing)).toEqual(["example.org/a@v1.0.0", "example.org/c@v2.0.0"]);
  });
});
