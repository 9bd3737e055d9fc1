import type { ChildProcess } from "node:child_process";
import { attempt, command, eventually } from "../cluster/command.ts";
import { spawnBound } from "./process.ts";

const NAMESPACE = "roost-lan";
const BRIDGE = "lan";
/** More than an emulated machine takes in are lost, and a lost packet looks like a dropped one. */
const PACKETS_PER_SECOND = 8000;

/** What answered to a host; ports of which there is nothing here are silent: packets to them are dropped. */
export interface Scan {
  readonly open: readonly number[];
  /** How many answered that nothing listens there. */
  readonly closed: number;
}

/** Address of a host in {@link Lan}. @param host its last number */
export function lanAddress(host: number): string {
  return `10.77.0.${host}`;
}

/**
 * The network between guests: a switch in a network namespace of its own, where the tests can be any host. What the
 * guests send reaches neither this machine nor anything behind it.
 */
export class Lan {
  private taps = 0;

  /**
   * @param hosts last numbers of the addresses that the tests speak from
   * @param outside addresses of other networks that the tests speak from, behind whichever host is the guests' gateway
   */
  async start(hosts: readonly number[], outside: readonly string[] = []): Promise<void> {
    await this.stop();
    await command("ip", ["netns", "add", NAMESPACE]);
    await this.ip("link", "set", "lo", "up");
    await this.ip("link", "add", BRIDGE, "type", "bridge");
    for (const host of hosts) await this.ip("addr", "add", `${lanAddress(host)}/24`, "dev", BRIDGE);
    for (const address of outside) await this.ip("addr", "add", `${address}/32`, "dev", BRIDGE);
    await this.ip("link", "set", BRIDGE, "up");
  }

  /** Name for a guest's network device; the emulator makes it, and it goes when the emulator does. */
  newDevice(): string {
    this.taps += 1;
    return `${NAMESPACE}-${this.taps}`;
  }

  /** Puts a guest's device, which the emulator has made, into the switch. */
  async plug(device: string): Promise<void> {
    await command("ip", ["link", "set", device, "netns", NAMESPACE]);
    await this.ip("link", "set", device, "master", BRIDGE);
    await this.ip("link", "set", device, "up");
  }

  /**
   * Asks all 65535 TCP ports of a guest.
   *
   * @param listening ports where it listens: they are asked once more, slowly, for a packet that was lost looks like one that
   * was dropped
   */
  async scan(from: string, to: number, listening: readonly number[] = []): Promise<Scan> {
    const informed = listening.length > 0;
    const all = await this.probe(from, to, "1-65535", PACKETS_PER_SECOND, informed ? 1 : 3);
    if (!informed) return all;
    const again = await this.probe(from, to, listening.join(","), 20, 3);
    const open = [...new Set([...all.open, ...again.open])].sort((one, other) => one - other);
    return { open, closed: Math.max(all.closed, again.closed) };
  }

  private async probe(from: string, to: number, ports: string, perSecond: number, retries: number): Promise<Scan> {
    const said = await command("ip", [
      ...["netns", "exec", NAMESPACE, "nmap", "-sS", "-n", "-Pn", "-p", ports],
      ...["--min-rate", `${perSecond}`, "--max-rate", `${perSecond}`, "--max-retries", `${retries}`],
      // An emulated machine answers late.
      ...["--initial-rtt-timeout", "2s", "--min-rtt-timeout", "2s", "--max-rtt-timeout", "4s"],
      ...["-S", from, "-e", BRIDGE, "-oX", "-", lanAddress(to)],
    ]);
    const each = [...said.matchAll(/portid="(\d+)"><state state="(\w+)"/g)].map(([, port, state]) => ({ port, state }));
    // States that most ports have are only counted.
    const rest = [...said.matchAll(/<extraports state="(\w+)" count="(\d+)"/g)];
    const count = (state: string) =>
      each.filter((port) => port.state === state).length +
      rest.reduce((sum, [, other, many]) => sum + (other === state ? Number(many) : 0), 0);
    const [, asked] = /<scaninfo [^>]*numservices="(\d+)"/.exec(said) ?? [];
    if (count("open") + count("closed") + count("filtered") !== Number(asked))
      throw new Error(`nmap does not tell of all ports:\n${said}`);
    return { open: each.flatMap(({ port, state }) => (state === "open" ? Number(port) : [])), closed: count("closed") };
  }

  /** Runs a program of ours on one of the tests' hosts, until it is killed. */
  run(file: string, ...args: string[]): ChildProcess {
    return spawnBound("ip", ["netns", "exec", NAMESPACE, process.execPath, file, ...args]);
  }

  async stop(): Promise<void> {
    const removed = await attempt("ip", ["netns", "del", NAMESPACE]);
    // The kernel forgets it a moment after the command has ended.
    if (removed.code === 0)
      await eventually("the end of the network", 10, async () => {
        const { stdout } = await attempt("ip", ["netns", "list"]);
        return stdout.includes(NAMESPACE) ? undefined : true;
      });
  }

  private ip(...args: string[]): Promise<string> {
    return command("ip", ["-n", NAMESPACE, ...args]);
  }
}
