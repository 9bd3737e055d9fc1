/** What speaks TLS, or ought to, whichever program it is. */
import type { Version } from "./versions.ts";

/** Where a program waits for connections. */
export interface Listener extends TlsEnd {
  readonly encrypted: boolean;
  /** Whether it may be plain: it stays within the pod, says nothing but whether it works, or passes on what is TLS. */
  readonly mayBePlain: boolean;
}

/** What a program connects to. */
export interface Upstream extends TlsEnd {
  /** What is wrong with the connection, as the end of a sentence about it. */
  readonly problems: readonly string[];
}

export interface TlsEnd {
  /** What messages call it. */
  readonly where: string;
  /** What the configuration says about its TLS; missing where it is plain, or where the program leaves no choice. */
  readonly settings?: TlsSettings;
}

export interface TlsSettings {
  /** The oldest version that is spoken, where that is said. */
  readonly oldest: Version | undefined;
  /** Lists of cipher suites in OpenSSL's form. */
  readonly ciphers: readonly string[];
}

/** Whether what is sent there stays within the pod: loopback addresses and Unix sockets. */
export function isLocal(address: string): boolean {
  return /^(127\.|localhost(:|\/|$)|\[?::1\]?([:/]|$)|unix[:@]|abns@|fd@|sockpair@|\/)/.test(
    address.replace(/^(ipv|tcp|quic|udp)[46]@/, ""),
  );
}
