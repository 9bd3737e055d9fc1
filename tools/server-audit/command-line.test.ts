import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { cluster, edge, office, single } from "../../components/servers/testing.ts";
import { parseCommandLine, USAGE } from "./command-line.ts";
import { commandFor } from "./machine.ts";
import { chosen, sshTarget } from "./main.ts";

describe("the command line", () => {
  it("may be empty: all machines of the stack dev, over SSH, as a table", () => {
    expect(parseCommandLine([])).toMatchObject({
      stack: "dev",
      servers: [],
      from: { kind: "ssh" },
      format: "table",
      script: false,
    });
  });

  it("names every option in its help", () => {
    for (const [, option = ""] of USAGE.matchAll(/^ {2}--([a-z-]+)/gm))
      expect(() => parseCommandLine([`--${option}`, "1"])).not.toThrow(`Unknown option '--${option}'`);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["an unknown option", ["--fix"], "'--fix'"],
    ["a word", ["office"], "'office'"],
    ["an unknown format", ["--format", "xml"], '--format is "xml"; allowed are table, json, prometheus'],
    ["a port that is none", ["--port", "ssh"], '--port is "ssh"; a whole number from 1 to 65535'],
    ["two ways to look", ["--local", "--recorded", "f"], "--local and --recorded exclude each other"],
    ["a host that is not asked", ["--local", "--host", "h"], "--host is for SSH"],
    ["a login that is an option of ssh", ["--login", "-oProxyCommand=x"], "'--login' argument is ambiguous"],
    ["the same, hidden", ["--login=-oProxyCommand=x"], '--login is "-oProxyCommand=x"; a name or an address'],
    ["a host with a command", ["--host", "h;reboot"], '--host is "h;reboot"'],
  ])("refuses %s", (_, words, problem) => {
    expect(() => parseCommandLine(words)).toThrow(problem);
  });
});

describe("machines", () => {
  const ssh = parseCommandLine([]);

  it("are all, or those that were named", () => {
    expect(chosen(ssh, cluster)).toHaveLength(cluster.servers.length);
    expect(chosen({ ...ssh, servers: ["edge-1"] }, cluster)).toEqual([edge]);
    expect(() => chosen({ ...ssh, servers: ["edge-9"] }, cluster)).toThrow('"edge-9"; described are control-1, ');
  });

  it("must be named where only one can be meant", () => {
    const local = parseCommandLine(["--local"]);
    expect(chosen(local, single)).toEqual([office]);
    expect(() => chosen(local, cluster)).toThrow("Say which machine it is with --server");
    expect(() => chosen({ ...ssh, host: "10.0.0.1" }, cluster)).toThrow("--server");
  });

  it("are reached as the description says: by the management network, as somebody who may become root", () => {
    expect(sshTarget(edge, ssh)).toEqual({ kind: "ssh", destination: "ada@10.1.0.61", port: 22 });
    const said = parseCommandLine(["--login", "bob", "--host", "edge.example.org", "--port", "2222"]);
    expect(sshTarget(edge, said)).toEqual({ kind: "ssh", destination: "bob@edge.example.org", port: 2222 });
  });

  it("are asked by the system's ssh, which trusts no host key that it has not seen", () => {
    const options = parseCommandLine(["--known-hosts", "hosts", "--identity", "key", "--jump", "ada@bastion"]);
    const command = commandFor(sshTarget(office, options));
    expect(command.slice(0, 4)).toEqual(["ssh", "-T", "-p", "22"]);
    expect(command.slice(-3)).toEqual(["--", "ada@10.1.0.10", "sh -s"]);
    for (const option of [
      "StrictHostKeyChecking=yes",
      "BatchMode=yes",
      `UserKnownHostsFile=${resolve("hosts")}`,
      `HostKeyAlias=${office.name}.${office.domain}`,
      "IdentityFile=key",
      "ProxyJump=ada@bastion",
    ])
      expect(command).toContain(option);
  });
});
