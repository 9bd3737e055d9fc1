/** What the probe is told, in one file. Passwords are in files of their own. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const file = z.string();
const seconds = z.number().positive();
const account = z.strictObject({ localpart: z.string(), passwordFile: file });

export const configurationSchema = z.strictObject({
  homeserver: z.strictObject({
    /** As people's clients have it: `https://matrix.example.org`. */
    url: z.url(),
    serverName: z.string(),
    /** Where the edge is really asked, whatever the names of the URLs lead to. @default where the names lead to */
    connectTo: z.strictObject({ host: z.string(), port: z.number().int() }).optional(),
    /** Authority of the certificate that people see. @default public authorities */
    caFile: file.optional(),
  }),
  /** Two accounts: one sends, the other sees, and the other way round. */
  accounts: z.tuple([account, account]),
  signIn: z.discriminatedUnion("kind", [
    /** Accounts are the homeserver's own: the probe signs in as people do. */
    z.strictObject({ kind: z.literal("password") }),
    /** Accounts are the organisation's: the probe goes as far as a robot can that has none. */
    z.strictObject({
      kind: z.literal("singleSignOn"),
      /** How the homeserver calls the provider: `oidc-company`. */
      provider: z.string(),
      /** Where a browser comes back to in the end. */
      redirectUrl: z.url(),
      /**
       * Where the homeserver must send the browser to: the environment's own provider, behind the same edge, whose page is
       * asked for too. @default a provider outside, which the probe does not reach
       */
      authorizationEndpoint: z.url().optional(),
    }),
  ]),
  /** From one message to the next. */
  messageSeconds: seconds,
  /** From one attempt to sign in to the next. */
  signInSeconds: seconds,
  /** A message that is seen later counts as late. */
  lateSeconds: seconds,
  /** Whatever takes longer counts as failed. */
  timeoutSeconds: seconds,
  server: z.strictObject({ port: z.number().int(), certificateFile: file, keyFile: file }),
});

export type Configuration = z.output<typeof configurationSchema>;

/** @throws Error that says what is wrong in the file */
export function readConfiguration(path: string): Configuration {
  const result = configurationSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`);
  return result.data;
}
