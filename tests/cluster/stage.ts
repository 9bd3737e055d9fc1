import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Figure } from "../figures.ts";
import { recordFigure } from "../figures.ts";
import type { WebBrowser } from "./browser.ts";
import { command } from "./command.ts";
import { clusterSettings, here } from "./here.ts";
import { Homeserver } from "./homeserver.ts";
import { objects } from "./kubectl.ts";
import { Person } from "./matrix.ts";
import { SignInPage } from "./sign-in-page.ts";
import type { Outputs } from "./stack.ts";
import { Stack } from "./stack.ts";

export interface StageArgs {
  /** Name of the stack; the namespace is `roost-<name>`. */
  readonly name: string;
  readonly availability: "single" | "ha";
  /** The setting `identity`. @default accounts of the homeserver's own */
  readonly identity?: object;
  /** Settings that differ from those of the other stages. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

const NODE_PORT = 8443;

/** One environment that tests have for themselves, with its people. */
export class Stage {
  readonly stack: Stack;
  readonly namespace: string;
  /** Not the default, so that names of an operator's own are tried. */
  readonly domain = `${here.bridge}.test`;
  readonly homeserverHost = `matrix.${this.domain}`;
  readonly signInsPerMinute = 120;
  /** Messages that everybody in the room has: it is made by the first chapter that needs it. */
  room: { readonly roomId: string; readonly name: string } | undefined;
  private readonly availability: StageArgs["availability"];
  private readonly identity: StageArgs["identity"];
  private readonly different: StageArgs["settings"];
  private readonly accounts = new Map<string, Account>();
  private readonly people: Person[] = [];
  private known: Outputs | undefined;
  private resumed = false;

  constructor({ name, availability, identity, settings }: StageArgs) {
    this.stack = new Stack(name);
    this.namespace = `roost-${name}`;
    this.availability = availability;
    this.identity = identity;
    this.different = settings;
  }

  /** What a small environment is asked to be. */
  get settings() {
    return {
      domain: this.domain,
      namespace: this.namespace,
      users: 20,
      availability: this.availability,
      protection: "disposable",
      cluster: clusterSettings,
      images: { source: "built" },
      im: {
        engine: "matrix",
        // Whoever makes a room chooses, so that both kinds can be tried.
        encryption: "off",
        rateLimits: { messagesPerSecond: 100, messageBurst: 1000 },
      },
      edge: { exposure: { kind: "nodePort", port: NODE_PORT }, signInsPerMinute: this.signInsPerMinute },
      ...(this.identity !== undefined && { identity: this.identity }),
      ...this.different,
    };
  }

  /** Makes the stack anew, in a cluster that has nothing in the way. */
  async begin(): Promise<void> {
    await this.stack.begin();
    this.stack.configure(this.settings);
    await this.lead(this.domain, `chat.${this.domain}`, this.homeserverHost, `id.${this.domain}`);
    const operators = (await objects("namespaces")).filter(({ metadata }) => metadata.name === "cnpg-system");
    if (operators.length > 0) {
      throw new Error(
        "The cluster has an environment with a PostgreSQL operator of its own, beside which none can be tested. " +
          "Remove it (`make destroy`), or give the tests a machine of their own.",
      );
    }
  }

  /** Leads names to the environment on this machine, in place of those before, as `make up` and `make destroy` do. */
  async lead(...names: readonly string[]): Promise<void> {
    await command(process.execPath, ["bootstrap/cluster/main.ts", "names", this.stack.name, ...names]);
  }

  /** Goes on with an environment that an earlier run has left up, for those who work on one chapter. */
  async resume(): Promise<void> {
    this.resumed = true;
    await this.readOutputs();
  }

  get outputs(): Outputs {
    if (this.known === undefined) throw new Error(`the environment ${this.stack.name} is not up`);
    return this.known;
  }

  /** File with the certificate that everything is verified with. */
  get caFile(): string {
    return resolve("build", `${this.stack.name}-ca.pem`);
  }

  async readOutputs(): Promise<void> {
    this.known = await this.stack.outputs();
    mkdirSync(resolve("build"), { recursive: true });
    writeFileSync(this.caFile, this.known.certificateAuthority);
  }

  /** URL of a path at a host of the environment. */
  urlOf(host: string, path: string): string {
    return `https://${host}:${NODE_PORT}${path}`;
  }

  /** The person's account, which is made when it is asked for first. */
  async account(name: string): Promise<Account> {
    const known = this.accounts.get(name);
    if (known !== undefined) return known;
    const again = this.resumed ? ["--reset"] : [];
    const tool = this.identity === undefined ? "tools/user.ts" : "tools/person.ts";
    const line = [tool, "--json", ...again, "--stack", this.stack.name, name];
    const made = JSON.parse(await command(process.execPath, line, { env: this.stack.commandEnvironment }));
    const account: Account = { user: made.user ?? made.login, password: made.password };
    this.accounts.set(name, account);
    return account;
  }

  /** The person, signed in with a new client. */
  async signIn(name: string, { encryption = false } = {}): Promise<Person> {
    const account = await this.account(name);
    const person = new Person(name, this.caFile);
    this.people.push(person);
    await person.ask("signIn", { homeserver: this.outputs.homeserver, ...account, encryption });
    return person;
  }

  /** The person, who has signed in where the organisation does, with a new client. */
  async signInElsewhere(name: string, browser: WebBrowser): Promise<Person> {
    const { user, password } = await this.account(name);
    const page = await SignInPage.open(browser, this.outputs.homeserver, this.outputs.url);
    try {
      await page.enter(user, password);
      return await this.clientOf(name, await page.loginToken());
    } finally {
      await page.close();
    }
  }

  /** What the person reads where the organisation signs in and refuses them; nothing where they may. */
  async refusal(name: string, browser: WebBrowser): Promise<string | undefined> {
    const { user, password } = await this.account(name);
    const page = await SignInPage.open(browser, this.outputs.homeserver, this.outputs.url);
    try {
      await page.enter(user, password);
      return page.signedIn ? undefined : await page.text();
    } finally {
      await page.close();
    }
  }

  /** A client of somebody who has signed in. */
  async clientOf(name: string, token: string): Promise<Person> {
    const person = new Person(name, this.caFile);
    this.people.push(person);
    await person.ask("signInByToken", { homeserver: this.outputs.homeserver, token });
    return person;
  }

  /** Forgets an account that is another now. */
  forget(name: string): void {
    this.accounts.delete(name);
  }

  /** What is behind the accounts and rooms that clients see. */
  get homeserver(): Homeserver {
    return new Homeserver(this.namespace, this.domain);
  }

  /** Ends everybody's client. */
  sendHome(): void {
    for (const person of this.people.splice(0)) person.leave();
  }

  /** Adds a figure; those of a highly available environment carry that in their name. */
  record(name: string, figure: Figure): void {
    recordFigure("e2e", this.availability === "ha" ? `ha_${name}` : name, figure);
  }

  /** Folder for files that tests make. */
  get scratch(): string {
    const folder = join(resolve("build"), "scratch");
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}
