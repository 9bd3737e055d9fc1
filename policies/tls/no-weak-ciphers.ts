import { each, subjectRule } from "../pack/rule.ts";
import { someOf, tlsEndsOf } from "./listeners.ts";

/** @source https://www.rfc-editor.org/rfc/rfc9325#section-4 and, for SM4, https://www.rfc-editor.org/rfc/rfc8998 */
export const noWeakCiphers = subjectRule(
  (resource) => someOf(tlsEndsOf(resource).filter(({ settings: { ciphers } }) => ciphers.length > 0)),
  {
    id: "tls-no-weak-ciphers",
    title: "Lists of ciphers name only suites with forward secrecy and authenticated encryption",
    why: "Without forward secrecy whoever gets a server's key reads all that was recorded before. Suites with RC4, 3DES or CBC have been broken in practice, and words such as HIGH bring some of them in.",
    fix: "Name suites with ECDHE and GCM or ChaCha20, as Mozilla's intermediate list has them, or leave the list out.",
    severity: "medium",
    controls: { nsa: ["network/encryption"], iso: ["A.8.24"], gbt: ["8.1.2.2 b)", "8.1.4.8 a)"] },
    check(ends, report) {
      each(ends, ({ where, settings: { ciphers } }) => {
        const weak = ciphers
          .flatMap((list) => list.split(/[:, ]+/))
          .filter((suite) => suite !== "" && !isStrong(suite));
        if (weak.length > 0) report(`${where} offers ${weak.join(", ")}`);
      });
    },
  },
);

/** TLS 1.3 has no weak suites; in TLS 1.2 their names tell how keys are exchanged and what encrypts. */
function isStrong(suite: string): boolean {
  // These take suites away, or put them in order.
  if (/^([!+-]|@STRENGTH$|@SECLEVEL=[1-5]$)/.test(suite)) return true;
  if (/^TLS_(AES_\d+|SM4)_(GCM|CCM)_\w+$|^TLS_CHACHA20_/.test(suite)) return true;
  const parts = suite.toUpperCase().split(/[-+_]/);
  const has = (...wanted: readonly string[]) => wanted.some((part) => parts.includes(part));
  return has("ECDHE", "EECDH", "DHE", "EDH") && has("GCM", "AESGCM", "CHACHA20", "CCM", "AESCCM");
}
