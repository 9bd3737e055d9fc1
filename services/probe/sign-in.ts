import type { Agent } from "node:https";
import { z } from "zod";
import type { Configuration } from "./configuration.ts";
import { EdgeAgent, getPage } from "./edge.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { Session } from "./session.ts";

const whoami = z.object({ user_id: z.string() });

/** Tries to sign in, as far as a robot can. */
export class SignIn {
  private readonly configuration: Configuration;
  private readonly agent: Agent;
  private turn = 0;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
    // Each attempt begins with a connection of its own, as a person's does.
    this.agent = new EdgeAgent(configuration.homeserver, false);
  }

  attempt(): Promise<Outcome> {
    const { signIn, timeoutSeconds } = this.configuration;
    return outcomeOf(timeoutSeconds, async (signal) => {
      const started = performance.now();
      await (signIn.kind === "password" ? this.byPassword() : this.toTheProvider(signIn, signal));
      return (performance.now() - started) / 1000;
    });
  }

  /** Signs in with a password, uses the session, and ends it. The accounts take turns: the homeserver limits each. */
  private async byPassword(): Promise<void> {
    const { homeserver, accounts, timeoutSeconds } = this.configuration;
    const account = accounts[this.turn++ % 2 === 0 ? 0 : 1];
    const session = new Session(homeserver, account, this.agent, "PROBE-SIGN-IN");
    const timeoutMs = timeoutSeconds * 1000;
    await session.signIn(timeoutMs);
    const path = "/_matrix/client/v3/account/whoami";
    const { user_id } = await session.call({ what: "ask who it is", method: "GET", path, timeoutMs }, whoami);
    if (user_id !== session.user) throw new Error("signed in as somebody else");
    await session.signOut(timeoutMs);
  }

  /**
   * Goes the way of a person until a password would be asked for: the homeserver sends to the provider, and the provider, if
   * it is the environment's own, shows its page, for which it looks up realm and client in its database. Not proven is
   * what comes after: the directory, a second factor, the way back; and of a provider outside nothing but that it is known.
   */
  private async toTheProvider(
    signIn: Extract<Configuration["signIn"], { kind: "singleSignOn" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const begin = new URL(
      `/_matrix/client/v3/login/sso/redirect/${signIn.provider}`,
      this.configuration.homeserver.url,
    );
    begin.searchParams.set("redirectUrl", signIn.redirectUrl);
    const sent = await getPage(begin, this.agent, signal);
    const to = sent.location === undefined ? undefined : new URL(sent.location, begin);
    if (sent.status !== 302 || to === undefined)
      throw new Error(`the homeserver does not send to the provider: ${sent.status}`);
    if (signIn.authorizationEndpoint === undefined) {
      if (to.protocol !== "https:" || to.host === begin.host) throw new Error(`the homeserver sends to ${to.origin}`);
      return;
    }
    const wanted = new URL(signIn.authorizationEndpoint);
    // What follows the question mark is a secret of the attempt.
    if (to.origin !== wanted.origin || to.pathname !== wanted.pathname)
      throw new Error(`the homeserver sends to ${to.origin}${to.pathname}, not to the provider`);
    const page = await getPage(to, this.agent, signal);
    if (page.status !== 200) throw new Error(`the provider shows no page: ${page.status}`);
    if (!/<form[^>]*\smethod="post"/i.test(page.body)) throw new Error("the provider's page asks for nothing");
  }
}
