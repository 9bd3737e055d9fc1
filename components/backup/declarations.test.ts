import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../network/index.ts";
import { Declarations } from "./declarations.ts";

const archiver = peerNamed("archiver", "roost");

describe("what is declared of a store", () => {
  it("is its buckets, by the names that the store knows, with who may do what", () => {
    const declared = new Declarations("acme-");
    const bucket = declared.add("archive", { objectLock: true });
    declared.connect(archiver, bucket, "read");
    declared.connect(archiver, bucket, "append");
    declared.add("exports", {});
    expect(declared.close(true)).toEqual({
      "acme-archive": {
        objectLock: true,
        policy: expect.objectContaining({ Statement: [expect.objectContaining({ Sid: "append" }), expect.anything()] }),
      },
      "acme-exports": { objectLock: false },
    });
  });

  it("leaves rights to a store that is somebody else's", () => {
    const declared = new Declarations();
    declared.connect(archiver, declared.add("archive", {}), "append");
    expect(declared.close(false)).toEqual({ archive: { objectLock: false } });
  });

  it("has each bucket once, by a name that S3 takes", () => {
    const declared = new Declarations();
    declared.add("archive", {});
    expect(() => declared.add("archive", {})).toThrow(/has a bucket "archive" already/);
    for (const name of ["ab", "Archive", "a_b", "a".repeat(64)])
      expect(() => declared.add(name, {})).toThrow(/is no name of a bucket/);
  });

  it("takes two clients of one name for a mistake, and a client that comes too late", () => {
    const declared = new Declarations();
    const bucket = declared.add("archive", {});
    declared.connect(archiver, bucket, "read");
    expect(() => declared.connect(peerNamed("archiver", "other"), bucket, "read")).toThrow(/Two clients/);
    declared.close(true);
    expect(() => declared.connect(archiver, bucket, "append")).toThrow(/connect first/);
  });
});
