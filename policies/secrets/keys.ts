/** What is behind the keys of Secrets, as far as their names say it. */
import type { KubernetesResource } from "../pack/resource.ts";

/** Whether what is behind the key may be known to everybody: certificates, and where and as whom one signs in. */
export function isPublic(key: string): boolean {
  return /\.(?:crt|cer)$|^ca\b.*\.pem$|chain\.pem$|^(?:user|username|host|port|dbname|database)$/i.test(key);
}

/** Whether it is a key that only its owner may have, a server or a client. */
export function isPrivateKey(key: string): boolean {
  return /\.key$|key\.pem$/i.test(key);
}

/** The keys of a Secret. */
export function keysIn({ props: { data = {}, stringData = {} } }: KubernetesResource<"Secret">): readonly string[] {
  return [...new Set([...Object.keys(data), ...Object.keys(stringData)])];
}
