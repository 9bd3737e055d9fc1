import type { Readable, Writable } from "node:stream";

type Message =
  | { readonly QMP: unknown }
  | { readonly return: unknown; readonly id: number }
  | { readonly error: { readonly class: string; readonly desc: string }; readonly id: number }
  | QmpEvent;

export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** The emulator's control channel: https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html */
export class Monitor {
  private readonly input: Writable;
  private readonly requests = new Map<number, Waiting<unknown> & { readonly command: string }>();
  private readonly listeners = new Set<Waiting<QmpEvent> & { readonly wanted: (event: QmpEvent) => boolean }>();
  private lastId = 0;
  private rest = "";

  constructor(output: Readable, input: Writable) {
    this.input = input;
    // The emulator may end while it is spoken to; whoever waits is told by `close`.
    input.on("error", () => undefined);
    output.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = `${this.rest}${chunk}`.split("\n");
      this.rest = lines.pop() ?? "";
      for (const line of lines) this.receive(JSON.parse(line));
    });
  }

  /** Gives a command and waits for its answer. */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.lastId += 1;
    this.requests.set(this.lastId, { command, resolve, reject });
    this.input.write(`${JSON.stringify({ execute: command, arguments: args, id: this.lastId })}\n`);
    return promise;
  }

  /** Waits for an event that happens from now on. */
  async event(what: string, wanted: (event: QmpEvent) => boolean, timeoutSeconds: number): Promise<QmpEvent> {
    const { promise, resolve, reject } = Promise.withResolvers<QmpEvent>();
    const listener = { wanted, resolve, reject };
    this.listeners.add(listener);
    const timer = setTimeout(() => reject(new Error(`${what}: not within ${timeoutSeconds} s`)), timeoutSeconds * 1000);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.listeners.delete(listener);
    }
  }

  /** Tells everybody who waits that no answer will come. */
  close(reason: Error): void {
    for (const { reject } of [...this.requests.values(), ...this.listeners]) reject(reason);
    this.requests.clear();
  }

  private receive(message: Message): void {
    if ("QMP" in message) return;
    if ("event" in message) {
      for (const { wanted, resolve } of this.listeners) if (wanted(message)) resolve(message);
      return;
    }
    const request = this.requests.get(message.id);
    this.requests.delete(message.id);
    if ("error" in message) request?.reject(new Error(`QMP ${request.command}: ${message.error.desc}`));
    else request?.resolve(message.return);
  }
}
