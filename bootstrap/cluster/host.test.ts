import { execFileSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Host, quote, resolvConf, serviceFiles, versionOf } from "./host.ts";

describe("a service's run script", () => {
  it("waits for what it needs, sets its environment, and becomes the program", () => {
    const { run } = serviceFiles("kubelet", {
      command: ["kubelet", "--v=2", "a b"],
      env: { KEY: "it's" },
      after: ["/run/x.sock"],
    });
    expect(run).toBe(
      "#!/bin/sh\nexec 2>&1\nexport KEY='it'\\''s'\nuntil [ -e /run/x.sock ]; do sleep 0.1; done\nexec kubelet --v=2 'a b'\n",
    );
  });

  it("waits a while for what is better there, and says so when it is not", () => {
    const { run = "" } = serviceFiles("echo", { command: ["echo", "runs"], preferably: ["[ $n -ge 3 ]", "false"] });
    const quick = run.replaceAll("sleep 0.2", "true");
    expect(execFileSync("sh", ["-c", quick]).toString()).toBe("started without: false\nruns\n");
  });

  it("has a log of limited size", () => {
    expect(serviceFiles("etcd", { command: ["etcd"] })["log/run"]).toContain("exec s6-log n4 s4000000 T /var/log/etcd");
  });
});

describe("a host's name servers", () => {
  const host: Host = {
    name: "node-1",
    address: "10.0.0.11",
    nameServers: ["192.0.2.53", "2001:db8::53"],
    services: {},
    files: { "/etc/hosts": "127.0.0.1 localhost\n" },
    folders: {},
    programs: {},
    redirects: {},
  };

  it("are what resolv.conf says", () => {
    expect(resolvConf(host)).toBe("nameserver 192.0.2.53\nnameserver 2001:db8::53\n");
  });

  it("are no reason to start it again, as all else is", () => {
    expect(versionOf({ ...host, nameServers: ["198.51.100.53"] })).toBe(versionOf(host));
    expect(versionOf({ ...host, files: {} })).not.toBe(versionOf(host));
  });
});

it("quotes any word so that a shell reads it as it is", () => {
  const words = fc.string({ unit: "binary-ascii" }).filter((word) => !word.includes("\0"));
  fc.assert(
    fc.property(words, (word) => {
      expect(execFileSync("sh", ["-c", `printf %s ${quote(word)}`]).toString()).toBe(word);
    }),
    { numRuns: 50 },
  );
});
