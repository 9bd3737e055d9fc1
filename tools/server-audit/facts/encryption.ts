import { type Fact, sections, words } from "./fact.ts";

/** One open LUKS mapping, and what its header says: never anything that is made from a key. */
export interface Mapping {
  /** For example `LUKS2`. */
  readonly type: string;
  readonly cipher: string;
  readonly keyBits: number;
  readonly discards: boolean;
  readonly writable: boolean;
  /** Key derivation of each key slot. */
  readonly derivations: readonly string[];
  /** Kinds of the tokens, for example `systemd-tpm2` and `clevis`. */
  readonly tokens: readonly string[];
}

/** Mappings by name. Of the header only lines that name algorithms are passed on: salts and digests stay where they are. */
export const mappings: Fact<ReadonlyMap<string, Mapping>> = {
  name: "encryption",
  program: "cryptsetup",
  asRoot: true,
  command: `for mapping in /dev/mapper/*; do
  name=\${mapping##*/}
  [ "$name" != control ] || continue
  status=$(cryptsetup status "$name") || continue
  device=$(printf '%s\\n' "$status" | sed -n 's/^ *device: *//p')
  printf '%s\\n' "$status" | grep -q '^ *type: *LUKS' || continue
  echo "== $name"
  printf '%s\\n' "$status" | grep -E '^ *(type|cipher|keysize|mode|flags):'
  cryptsetup luksDump "$device" | grep -E '^(Keyslots|Tokens|Digests):|^  [0-9]+: |PBKDF:' || exit
done`,
  parse: (output) => new Map([...sections(output)].map(([name, body]) => [name, parseMapping(body)])),
};

function parseMapping(body: readonly string[]): Mapping {
  const header = body.findIndex((line) => line.startsWith("Keyslots:"));
  const status = body.slice(0, header === -1 ? body.length : header);
  const value = (key: string) => {
    const line = status.find((each) => each.trim().startsWith(`${key}:`));
    return line?.slice(line.indexOf(":") + 1).trim();
  };
  const [type, cipher] = [value("type"), value("cipher")];
  if (type === undefined || cipher === undefined) throw new Error(`no type or cipher in ${body.join(" ")}`);
  return {
    type,
    cipher,
    keyBits: Number.parseInt(value("keysize") ?? "0", 10),
    discards: words(value("flags") ?? "").includes("discards"),
    writable: value("mode") === "read/write",
    derivations: body.filter((line) => line.includes("PBKDF:")).map((line) => words(line)[1] ?? ""),
    tokens: part(body, "Tokens:", "Digests:").flatMap((line) => /^ {2}\d+: (\S+)/.exec(line)?.[1] ?? []),
  };
}

function part(body: readonly string[], first: string, end: string): readonly string[] {
  const [from, to] = [body.findIndex((line) => line.startsWith(first)), body.findIndex((line) => line.startsWith(end))];
  return from === -1 ? [] : body.slice(from + 1, to === -1 ? body.length : to);
}
