import { type Fact, lines, sections, words } from "./fact.ts";

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
}

export const accounts: Fact<readonly Account[]> = {
  name: "accounts",
  program: "getent",
  asRoot: false,
  command: "getent passwd",
  parse: (output) =>
    lines(output).map((line) => {
      const [name, , uid, , , home, shell] = line.split(":");
      if (name === undefined || home === undefined || shell === undefined) throw new Error(`no account: ${line}`);
      return { name, uid: Number(uid), home, shell };
    }),
};

/** Members of groups, by the group's name. */
export const groups: Fact<ReadonlyMap<string, readonly string[]>> = {
  name: "groups",
  program: "getent",
  asRoot: false,
  command: "getent group",
  parse: (output) =>
    new Map(
      lines(output).map((line) => {
        const [name = "", , , members = ""] = line.split(":");
        return [name, members.split(",").filter((member) => member !== "")];
      }),
    ),
};

/** "none": nobody can sign in by it; "empty": anybody can. */
export type PasswordState = "none" | "set" | "empty";

/** Whether accounts have a password. The hashes do not leave the machine. */
export const passwords: Fact<ReadonlyMap<string, PasswordState>> = {
  name: "passwords",
  program: "awk",
  asRoot: true,
  command: `awk -F: '{ print $1, ($2 == "" ? "empty" : $2 ~ /^[!*]/ ? "none" : "set") }' /etc/shadow`,
  parse: (output) =>
    new Map(
      lines(output).map((line) => {
        const [name = "", state] = words(line);
        if (state !== "none" && state !== "set" && state !== "empty") throw new Error("a line of another form");
        return [name, state];
      }),
    ),
};

/** What sudo lets accounts do, as it says itself: all its files, groups and defaults are taken account of. */
export interface SudoRights {
  /** Lines such as `(ALL) NOPASSWD: ALL`. */
  readonly rules: readonly string[];
}

/** Rights of people's accounts, by name. */
export const sudoRights: Fact<ReadonlyMap<string, SudoRights>> = {
  name: "sudo",
  program: "sudo",
  asRoot: true,
  command: `getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 { print $1 }' | while read -r name; do
  echo "== $name"
  sudo -n -l -U "$name" || exit
done`,
  parse: (output) =>
    new Map(
      [...sections(output)].map(([name, body]) => {
        const start = body.findIndex((line) => line.includes("may run the following commands"));
        if (start === -1 && !body.some((line) => line.includes("is not allowed to run sudo")))
          throw new Error(`what ${name} may do: ${body.join(" ")}`);
        const rules = start === -1 ? [] : body.slice(start + 1).map((line) => line.trim());
        return [name, { rules }];
      }),
    ),
};

/** Fingerprints (SHA256:…) of keys that open each account, wherever sshd may look for them, by name. */
export const authorizedKeys: Fact<ReadonlyMap<string, readonly string[]>> = {
  name: "authorized-keys",
  program: "ssh-keygen",
  asRoot: true,
  command: `getent passwd | awk -F: '$3 == 0 || ($3 >= 1000 && $3 < 60000) { print $1 ":" $6 }' | while IFS=: read -r name home; do
  echo "== $name"
  for file in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2" \\
    "/etc/ssh/authorized_keys/$name" "/etc/ssh/authorized_keys.d/$name"; do
    # A file of comments alone has no fingerprint.
    ! grep -Eqs '^[^#[:space:]]' "$file" || ssh-keygen -l -E sha256 -f "$file" || exit
  done
done`,
  parse: (output) =>
    new Map(
      [...sections(output)].map(([name, body]) => [
        name,
        body.map((line) => {
          const [, fingerprint] = /^\d+ (SHA256:\S+)/.exec(line) ?? [];
          if (fingerprint === undefined) throw new Error(`no fingerprint: ${line}`);
          return fingerprint;
        }),
      ]),
    ),
};
