import { attempt, command, eventually } from "../cluster/command.ts";

const NAMESPACE = "roost-lan";
const BRIDGE = "lan";

/**
 * The network between guests: a switch in a network namespace of its own, where the tests can be any host. What the
 * guests send reaches neither this machine nor anything behind it.
 */
export class Lan {
  /** Network of the hosts, without its last number. */
  readonly prefix = "10.77.0";
  private taps = 0;

  /** @param hosts last numbers of the addresses that the tests speak from */
  async start(hosts: readonly number[]): Promise<void> {
    await this.stop();
    await command("ip", ["netns", "add", NAMESPACE]);
    await this.ip("link", "set", "lo", "up");
    await this.ip("link", "add", BRIDGE, "type", "bridge");
    for (const host of hosts) await this.ip("addr", "add", `${this.address(host)}/24`, "dev", BRIDGE);
    await this.ip("link", "set", BRIDGE, "up");
  }

  address(host: number): string {
    return `${this.prefix}.${host}`;
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

  /** Whether a guest accepts a TCP connection from one of the tests' hosts. */
  async reaches(from: number, to: number, port: number): Promise<boolean> {
    const program = `
      const socket = require("node:net").connect({
        host: "${this.address(to)}", port: ${port}, localAddress: "${this.address(from)}", timeout: 5000 });
      socket.on("connect", () => process.exit(0));
      for (const event of ["timeout", "error"]) socket.on(event, () => process.exit(1));`;
    return (await attempt("ip", ["netns", "exec", NAMESPACE, process.execPath, "-e", program])).code === 0;
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
