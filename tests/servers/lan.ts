import type { ChildProcess } from "node:child_process";
import { attempt, command, eventually } from "../cluster/command.ts";
import { spawnBound } from "./process.ts";

const BRIDGE = "lan";
/** More than an emulated machine takes in are lost, and a lost packet looks like a dropped one. */
const PACKETS_PER_SECOND = 4000;

/**
 * The network between guests: a switch in a network namespace of its own, where the tests can be any host. What the
 * guests send reaches neither this machine nor anything behind it.
 */
export class Lan {
  /** Network of the hosts, without its last number. */
  readonly prefix = "10.77.0";
  private readonly namespace: string;
  private taps = 0;

  /** @param namespace so short that a number behind it still makes a device's name, which has 15 characters at most */
  constructor(namespace = "roost-lan") {
    this.namespace = namespace;
  }

  /**
   * @param hosts last numbers of the addresses that the tests speak from
   * @param outside addresses of other networks that the tests speak from, behind whichever host is the guests' gateway
   */
  async start(hosts: readonly number[], outside: readonly string[] = []): Promise<void> {
    await this.stop();
    await command("ip", ["netns", "add", this.namespace]);
    await this.ip("link", "set", "lo", "up");
    await this.ip("link", "add", BRIDGE, "type", "bridge");
    for (const host of hosts) await this.ip("addr", "add", `${this.address(host)}/24`, "dev", BRIDGE);
    for (const address of outside) await this.ip("addr", "add", `${address}/32`, "dev", BRIDGE);
    await this.ip("link", "set", BRIDGE, "up");
  }

  address(host: number): string {
    return `${this.prefix}.${host}`;
  }

  /** Name for a guest's network device; the emulator makes it, and it goes when the emulator does. */
  newDevice(): string {
    this.taps += 1;
    return `${this.namespace}-${this.taps}`;
  }

  /** Puts a guest's device, which the emulator has made, into the switch. */
  async plug(device: string): Promise<void> {
    await command("ip", ["link", "set", device, "netns", this.namespace]);
    await this.ip("link", "set", device, "master", BRIDGE);
    await this.ip("link", "set", device, "up");
  }

  /** Whether a guest accepts a TCP connection from one of the tests' hosts. */
  async reaches(from: number, to: number, port: number): Promise<boolean> {
    const program = `
      const socket = require("node:net").connect({
        host: "${this.address(to)}", port: ${port}, localAddress: "${this.address(from)}", timeout: 5000 });
      socket.on("connect", () => process.exit(0));
      for (const event of ["timeout", "error"]) socket.on(event, () => process.exit(1));`;
    return (await attempt("ip", ["netns", "exec", this.namespace, process.execPath, "-e", program])).code === 0;
  }

  /**
   * Which TCP ports answer to that address, each with "open", or with "closed" where nothing listens. The others say
   * nothing: packets to them are dropped.
   *
   * @param ports as nmap takes them, for example `1-65535`, in one range
   */
  async scan(from: string, to: number, ports = "1-65535"): Promise<ReadonlyMap<number, "open" | "closed">> {
    const pace = ["--min-rate", `${PACKETS_PER_SECOND}`, "--max-rate", `${PACKETS_PER_SECOND}`, "--max-retries", "1"];
    const said = await command("ip", [
      ...["netns", "exec", this.namespace, "nmap", "-sS", "-n", "-Pn", "-p", ports, ...pace],
      ...["-S", from, "-e", BRIDGE, "-oX", "-", this.address(to)],
    ]);
    const found = [...said.matchAll(/portid="(\d+)"><state state="(open|closed)"/g)];
    const [, silent = "0"] = /<extraports state="filtered" count="(\d+)"/.exec(said) ?? [];
    const [first = 0, last = first] = ports.split("-").map(Number);
    if (found.length + Number(silent) !== last - first + 1) throw new Error(`not all ports were looked at:\n${said}`);
    return new Map(found.map(([, port, state]) => [Number(port), state === "open" ? "open" : "closed"]));
  }

  /** Runs a program of ours on one of the tests' hosts, until it is killed. */
  run(file: string, ...args: string[]): ChildProcess {
    return spawnBound("ip", ["netns", "exec", this.namespace, process.execPath, file, ...args]);
  }

  async stop(): Promise<void> {
    const removed = await attempt("ip", ["netns", "del", this.namespace]);
    // The kernel forgets it a moment after the command has ended.
    if (removed.code === 0)
      await eventually("the end of the network", 10, async () => {
        const { stdout } = await attempt("ip", ["netns", "list"]);
        return stdout.includes(this.namespace) ? undefined : true;
      });
  }

  private ip(...args: string[]): Promise<string> {
    return command("ip", ["-n", this.namespace, ...args]);
  }
}
