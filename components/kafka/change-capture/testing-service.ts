import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** An address that leads to one server, and later to another one, as a Service does. */
export class TestService {
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private target: string;

  constructor(address: string, target: string, port: number) {
    this.target = target;
    this.server = createServer((client) => {
      const server = connect(port, this.target);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.open.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.open.delete(one);
          other.destroy();
        });
      }
    });
    this.server.listen(port, address);
  }

  /** Leads to another server; what was open is cut. */
  lead(target: string): void {
    this.target = target;
    for (const socket of this.open) socket.destroy();
  }

  close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }
}
