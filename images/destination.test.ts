import { describe, expect, it } from "@jest/globals";
import { destination } from "./destination.ts";

describe("where images go", () => {
  it("is the embedded cluster's registry, which its nodes know by a name", () => {
    expect(destination("embedded")).toMatchObject({ pullPrefix: "registry.roost.test", plainHttp: true });
  });

  it("is a registry of the operator's own, by the same name for pushing and pulling, over TLS", () => {
    const prefix = "registry.example.com:8443/roost";
    const expected = { pushPrefix: prefix, pullPrefix: prefix, host: "registry.example.com:8443", plainHttp: false };
    expect(destination(prefix)).toEqual(expected);
    expect(destination(`${prefix}/`)).toEqual(expected);
  });

  it.each(["", "https://registry.example.com", "registry example", "/roost", "registry.example.com/Roost"])(
    "is not %p",
    (registry) => {
      expect(() => destination(registry)).toThrow(/roost-images:registry is .* give "embedded"/);
    },
  );
});
