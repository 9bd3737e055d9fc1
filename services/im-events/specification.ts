/** What the program is told: written by the stack. */
export interface EventsSpecification {
  readonly bootstrapServers: readonly string[];
  /** Group of consumers, and the program's name at Kafka. */
  readonly group: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt` of the account at Kafka. */
  readonly accountFolder: string;
  /** Topic with rows of Synapse's `event_json`. */
  readonly captured: string;
  /** Topic of the events, and of what is none. */
  readonly events: string;
  readonly deadLetters: string;
  /** Health and metrics. */
  readonly server: { readonly port: number; readonly certificateFile: string; readonly keyFile: string };
}
