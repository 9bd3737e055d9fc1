import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { debianFiles } from "../debian.ts";

const java = "usr/lib/jvm/java-21-openjdk-amd64";

/**
 * Debian's OpenJDK 21 without a desktop, as `java` on the path.
 *
 * @param packages further ones of Debian
 * @param programs that are kept beside it
 */
export async function javaRuntime(
  root: string,
  packages: readonly string[],
  programs: readonly string[],
): Promise<void> {
  await debianFiles(root, {
    packages: ["openjdk-21-jre-headless", "dash", "coreutils", "grep", "tzdata", "libc-bin", ...packages],
    without: [
      // Only the desktop, printers and smart cards use these; the virtual machine loads them when they are asked for.
      ...["libcups2t64", "libavahi-client3", "libavahi-common3", "libavahi-common-data", "libdbus-1-3"],
      ...["libpcsclite1", "libjpeg62-turbo", "liblcms2-2", "netbase"],
    ],
    programs: ["sh", "dash", "cat", "grep", "mkdir", "rm", "sleep", ...programs],
    settings: ["java-21-openjdk"],
    unused: [
      ...["fontmanager", "j2pcsc", "jsound", "javajpeg", "lcms"].map((name) => `${java}/lib/lib${name}.so`),
      `${java}/man`,
      "usr/share/gdb",
    ],
  });
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  symlinkSync(`/${java}/bin/java`, join(root, "usr/bin/java"));
  // The virtual machine's own libraries find it in the process; whoever looks at them alone finds it here.
  symlinkSync(`/${java}/lib/server/libjvm.so`, join(root, "usr/lib/x86_64-linux-gnu/libjvm.so"));
}
