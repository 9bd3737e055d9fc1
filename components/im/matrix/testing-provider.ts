/** An identity provider for tests: as much of OpenID Connect as Synapse asks for, with whatever claims a test wants. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import { createServer } from "node:https";

const KEY_ID = "key";
const VALID_SECONDS = 300;

interface Grant {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly nonce: string;
  readonly challenge: string;
}

export class TestProvider {
  readonly clientId = "matrix";
  readonly clientSecret = "client-secret";
  private readonly server: Server;
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly grants = new Map<string, Grant>();

  constructor(certificate: { readonly key: Buffer; readonly cert: Buffer }) {
    this.server = createServer(certificate, (request, response) => {
      this.answer(request, response).catch((error: unknown) => response.writeHead(500).end(`${error}`));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "localhost", resolve));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** What identity provider and relying party have agreed on. */
  get connection() {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("the provider listens on no port");
    const url = `https://localhost:${address.port}`;
    return {
      issuer: url,
      clientId: this.clientId,
      authorizationEndpoint: `${url}/authorize`,
      tokenEndpoint: `${url}/token`,
      userinfoEndpoint: `${url}/userinfo`,
      jwksUri: `${url}/keys`,
      claims: { subject: "directory_id", login: "preferred_username", name: "name", groups: "groups" },
    } as const;
  }

  /** A person has signed in at the address that the browser was sent to: the code that it comes back with. */
  signIn(address: URL, claims: Readonly<Record<string, unknown>>): string {
    const asked = Object.fromEntries(address.searchParams);
    if (asked.code_challenge_method !== "S256")
      throw new Error("no proof key for the exchange of the code was announced");
    const code = `code-${this.grants.size}`;
    this.grants.set(code, { claims, nonce: asked.nonce ?? "", challenge: asked.code_challenge ?? "" });
    return code;
  }

  /** Says that a session has ended. @source https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken */
  logoutToken(sid: string): string {
    const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
    return this.token({ sub: "provider's own key", sid, events, jti: sid });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/keys") {
      const key = { ...this.keys.publicKey.export({ format: "jwk" }), kid: KEY_ID, use: "sig", alg: "RS256" };
      json(200, { keys: [key] });
      return;
    }
    if (request.url !== "/token") {
      json(404, {});
      return;
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const form = new URLSearchParams(text);
    const grant = this.grants.get(form.get("code") ?? "");
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const password = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString("base64");
    if (request.headers.authorization !== `Basic ${password}` || grant?.challenge !== proof) {
      json(400, { error: "invalid_grant" });
      return;
    }
    const id_token = this.token({ sub: "provider's own key", nonce: grant.nonce, ...grant.claims });
    json(200, { access_token: "access", token_type: "Bearer", expires_in: VALID_SECONDS, id_token });
  }

  private token(claims: Readonly<Record<string, unknown>>): string {
    const now = Math.floor(Date.now() / 1000);
    const { issuer } = this.connection;
    const body = { iss: issuer, aud: this.clientId, iat: now, exp: now + VALID_SECONDS, ...claims };
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const signed = `${encoded({ alg: "RS256", kid: KEY_ID, typ: "JWT" })}.${encoded(body)}`;
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), this.keys.privateKey).toString("base64url")}`;
  }
}
