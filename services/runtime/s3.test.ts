import { describe, expect, it } from "@jest/globals";
import { codeOf, signedHeaders, textIn } from "./s3.ts";

// The examples of S3's own documentation of signatures.
const example = {
  ...{ host: "examplebucket.s3.amazonaws.com", region: "us-east-1", now: new Date("2013-05-24T00:00:00Z") },
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  ...{ query: {}, headers: {}, body: Buffer.from("") },
};
const signatureOf = (request: Partial<typeof example> & { method: string; path: string }) =>
  /Signature=(.*)$/.exec(signedHeaders({ ...example, ...request }).authorization ?? "")?.[1];

describe("a signature", () => {
  it("is what S3 computes for a part of an object", () => {
    expect(signatureOf({ method: "GET", path: "/test.txt", headers: { Range: "bytes=0-9" } })).toBe(
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("is what S3 computes for an object that is written, with a name that must be encoded", () => {
    const headers = { Date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" };
    const body = Buffer.from("Welcome to Amazon S3.");
    expect(signatureOf({ method: "PUT", path: "/test$file.text", headers, body })).toBe(
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
  });

  it("is what S3 computes for a subresource, and for parameters", () => {
    expect(signatureOf({ method: "GET", path: "/", query: { lifecycle: "" } })).toBe(
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    );
    expect(signatureOf({ method: "GET", path: "/", query: { prefix: "J", "max-keys": "2" } })).toBe(
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
  });
});

describe("an answer that refuses", () => {
  it("is known by its code, or by its status where it says nothing", () => {
    expect(codeOf({ status: 404, body: Buffer.from("<Error><Code>NoSuchKey</Code></Error>") })).toBe("NoSuchKey");
    expect(codeOf({ status: 404, body: Buffer.from("") })).toBe("HTTP 404");
    expect(textIn("<A><Status>Enabled</Status></A>", "Status")).toBe("Enabled");
  });
});
