/** What a machine was told when it was last made or configured: it keeps that in `/etc/roost`. */
export interface Told {
  readonly hostName: string;
  /** Whether its first boot has come to its end. */
  readonly complete: boolean;
  /** Its files in `/etc/roost` by path: which files, units and pools were described. */
  readonly files: ReadonlyMap<string, string>;
}

const HEADING = "@@roost-told ";

/** Prints all of it, for a POSIX shell. It only reads. */
export const TOLD_SCRIPT = `if [ "$(id -u)" = 0 ]; then as_root=; else as_root='sudo -n --'; fi
$as_root sh -c '
echo "${HEADING}host"; cat /proc/sys/kernel/hostname
echo "${HEADING}complete"; [ ! -e /var/lib/roost/first-boot.done ] || echo yes
for file in /etc/roost/files /etc/roost/units /etc/roost/masked /etc/roost/pools/*; do
  [ ! -e "$file" ] || { echo "${HEADING}$file"; cat "$file"; }
done'
`;

/** @returns undefined where it is not the output of {@link TOLD_SCRIPT} */
export function toldOf(output: string): Told | undefined {
  const parts = new Map(
    output
      .split(new RegExp(`^${HEADING}`, "m"))
      .slice(1)
      .map((part) => {
        const end = part.indexOf("\n");
        return [part.slice(0, end), part.slice(end + 1)];
      }),
  );
  const hostName = parts.get("host")?.trim();
  if (hostName === undefined) return undefined;
  const files = new Map([...parts].filter(([path]) => path.startsWith("/")));
  return { hostName, complete: parts.get("complete")?.trim() === "yes", files };
}

/** Lines of a list, such as `/etc/roost/units`; none where the machine has no such file. */
export function listIn({ files }: Told, path: string): readonly string[] {
  return (files.get(path) ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
