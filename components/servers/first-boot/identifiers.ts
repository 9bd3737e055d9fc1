import { createHash } from "node:crypto";
import type { Server } from "../model.ts";

/**
 * A UUID that follows from what it identifies, so that a description makes the same files each time, and a machine that is
 * installed again knows its own disks from those of others. In the form that RFC 9562 has for one's own algorithms (version 8).
 */
export function stableUuid({ name, domain }: Pick<Server, "name" | "domain">, ...what: readonly string[]): string {
  const hash = createHash("sha256")
    .update([`${name}.${domain}`, ...what].join("\0"))
    .digest("hex");
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

/** The same as mdadm writes it. */
export function mdUuid(uuid: string): string {
  return uuid.replaceAll("-", "").replace(/.{8}(?=.)/g, "$&:");
}
