import type { Entry } from "ldapts";

/** The part of an attribute's values that an answer holds, where Active Directory has cut it. */
export interface ValueRange {
  /** Index of the first value that is still to be fetched; nothing after the last part. */
  readonly next?: number | undefined;
  readonly values: readonly string[];
}

/** An entry whose attributes are found however the server writes their names. */
export class LdapEntry {
  readonly dn: string;
  private readonly attributes = new Map<string, (string | Buffer)[]>();

  constructor(entry: Entry) {
    this.dn = entry.dn;
    for (const [name, value] of Object.entries(entry)) {
      if (name === "dn") continue;
      const key = name.toLowerCase();
      // What was asked for and is missing is listed too, empty and maybe in another spelling.
      this.attributes.set(key, [...(this.attributes.get(key) ?? []), ...(Array.isArray(value) ? value : [value])]);
    }
  }

  /** The first value. */
  text(name: string): string | undefined {
    const [value] = this.values(name);
    return value === "" ? undefined : value;
  }

  values(name: string): string[] {
    return (this.attributes.get(name.toLowerCase()) ?? []).map((value) => value.toString());
  }

  bytes(name: string): Buffer | undefined {
    const [value] = this.attributes.get(name.toLowerCase()) ?? [];
    return typeof value === "string" ? Buffer.from(value, "utf8") : value;
  }

  /**
   * The values that came along, of an attribute that may have too many for one answer: `member;range=0-1499`.
   * @source https://learn.microsoft.com/en-us/windows/win32/adsi/using-range-retrieval
   */
  range(name: string): ValueRange {
    const pattern = new RegExp(`^${name.toLowerCase()};range=(\\d+)-(\\d+|\\*)$`);
    for (const [key, values] of this.attributes) {
      const [, , end] = pattern.exec(key) ?? [];
      if (end === undefined) continue;
      return { values: values.map(String), ...(end !== "*" && { next: Number(end) + 1 }) };
    }
    return { values: this.values(name) };
  }
}

/**
 * The 16 bytes of a GUID as text. The first three groups are stored with their lowest byte first.
 * @source https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-dtyp/001eec5a-7f8b-4293-9e21-ca349392db40
 */
export function guidText(bytes: Buffer): string {
  if (bytes.length !== 16) throw new Error(`a GUID has 16 bytes, not ${bytes.length}`);
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const hex = order.map((index) => bytes.readUInt8(index).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Filter that exactly the entry with that GUID matches. */
export function guidFilter(attribute: string, guid: string): string {
  const hex = Buffer.from(guid.replaceAll("-", ""), "hex");
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return `(${attribute}=${order.map((index) => `\\${hex.readUInt8(index).toString(16).padStart(2, "0")}`).join("")})`;
}
