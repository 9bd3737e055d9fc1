import { describe, expect, it } from "@jest/globals";
import { object } from "../testing.ts";
import { kafkaOf, listed, parseProperties } from "./kafka.ts";

describe("server.properties", () => {
  it("is read as Java reads it", () => {
    const text = "# a=b\n! c=d\na = b\nlong=one,\\\n  two\nrule=RULE:^CN=(.*)\\\\.kafka$/$1/\nempty=\n";
    expect([...parseProperties(text)]).toEqual([
      ["a", "b"],
      ["long", "one,two"],
      ["rule", "RULE:^CN=(.*)\\.kafka$/$1/"],
      ["empty", ""],
    ]);
    expect(listed(" a, b,,c ")).toEqual(["a", "b", "c"]);
    expect(listed(undefined)).toEqual([]);
  });

  it("is one where it says a node's roles", () => {
    const files = object("ConfigMap", {
      metadata: { name: "kafka" },
      data: {
        "server.properties": "process.roles=broker,controller",
        "controller.properties": "process.roles=controller",
        "client.properties": "security.protocol=SSL",
        "server.txt": "process.roles=broker",
      },
    });
    expect(kafkaOf(files)?.map(({ name, isBroker }) => [name, isBroker])).toEqual([
      ["server.properties", true],
      ["controller.properties", false],
    ]);
    expect(kafkaOf(object("Service", { metadata: { name: "kafka" } }))).toBeUndefined();
  });
});
