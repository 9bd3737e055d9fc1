import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { attempt, command } from "./command.ts";
import { here, node } from "./here.ts";

const NAME = `${here.bridge}-outside`;
const DEVICE = `${here.bridge}-out`;

/** A host beside the cluster's node that accepts whatever comes: what the environment's pods must not reach. */
export class OutsideHost {
  readonly address = here.hostsCidr.replace("0/24", "99");
  readonly port: number;
  private readonly program: string;
  private listener: ChildProcess | undefined;

  /** @param program in JavaScript: what it runs, and that it prints a line when it listens. @default it greets */
  constructor(port = 8080, program?: string) {
    this.port = port;
    this.program =
      program ??
      `require("node:net").createServer((s) => s.on("error", () => {}).end("hello")).listen(${port}, "0.0.0.0", () => console.log("listening"))`;
  }

  async start(): Promise<void> {
    await this.stop();
    const ip = (...args: string[]) => command("ip", args);
    await ip("netns", "add", NAME);
    await ip("link", "add", DEVICE, "type", "veth", "peer", "name", "eth0", "netns", NAME);
    await ip("link", "set", DEVICE, "master", here.bridge, "up");
    const inside = (...args: string[]) => ip("-n", NAME, ...args);
    await inside("addr", "add", `${this.address}/24`, "dev", "eth0");
    await inside("link", "set", "lo", "up");
    // Always the same: the node remembers that of a host before it for a while.
    await inside("link", "set", "eth0", "address", "02:00:00:00:00:63");
    await inside("link", "set", "eth0", "up");
    // The way back to the pods is through their node.
    await inside("route", "add", here.podsCidr, "via", node);
    this.listener = spawn("ip", ["netns", "exec", NAME, process.execPath, "-e", this.program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.listener.stdout?.once("data", () => resolve());
    this.listener.once("exit", (code) => reject(new Error(`the host outside ended with exit code ${code}`)));
    await promise;
  }

  /** Whether something in the cluster answers this host. */
  async reaches(address: string, port: number): Promise<boolean> {
    const program = `
      const socket = require("node:net").connect({ host: "${address}", port: ${port}, timeout: 3000 });
      socket.on("connect", () => process.exit(0));
      for (const event of ["timeout", "error"]) socket.on(event, () => process.exit(1));`;
    return (await attempt("ip", ["netns", "exec", NAME, process.execPath, "-e", program])).code === 0;
  }

  async stop(): Promise<void> {
    this.listener?.kill();
    await attempt("ip", ["link", "del", DEVICE]);
    await attempt("ip", ["netns", "del", NAME]);
  }
}
