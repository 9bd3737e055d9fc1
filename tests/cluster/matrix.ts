import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Answer, Argument, CommandName, Request, Response } from "./commands.ts";

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A person with a Matrix client, in a process of its own (`person.ts`). */
export class Person {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** @param caFile what the client verifies the homeserver with, in PEM */
  constructor(name: string, caFile: string) {
    this.name = name;
    const logs = resolve("build", "logs");
    mkdirSync(logs, { recursive: true });
    const log = openSync(join(logs, `person-${name}.log`), "a");
    this.child = fork(resolve("tests/cluster/person.ts"), {
      execArgv: [],
      // The environment is on this machine, whatever proxy leads out of it.
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile, NODE_USE_ENV_PROXY: "0" },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    this.child.on("message", (response: Response) => this.settle(response));
    this.child.on("exit", (code) => this.fail(new Error(`${name}'s client ended with exit code ${code}; see ${logs}`)));
  }

  /** Asks the person to do something, and waits for the answer. */
  ask<Name extends CommandName>(command: Name, argument: Argument<Name>): Promise<Answer<Name>> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer<Name>>();
    const id = ++this.last;
    // What comes back was made by the deed of that name: `Commands` types both sides.
    this.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
    const request: Request<Name> = { id, command, argument };
    this.child.send(request);
    return promise;
  }

  leave(): void {
    this.child.removeAllListeners("exit");
    if (this.child.connected) this.child.disconnect();
  }

  private settle(response: Response): void {
    const waiting = this.waiting.get(response.id);
    this.waiting.delete(response.id);
    if ("error" in response) waiting?.reject(new Error(`${this.name}: ${response.error}`));
    else waiting?.resolve(response.answer);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
