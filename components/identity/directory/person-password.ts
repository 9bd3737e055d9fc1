import { directoryNames, personDn } from "./names.ts";
import { localUrl } from "./slapd.ts";
import { paths } from "./spec.ts";

/** What changes an entry from within a server's container, by its socket: `tools/person.ts` runs it there. */
export function personPasswordCommand(): readonly string[] {
  return ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", localUrl(paths.run)];
}

/**
 * What it reads from its standard input to give a person a password, which never stands in a list of processes.
 *
 * @param reset whether a password that there is is replaced; otherwise the change fails
 * @source https://www.rfc-editor.org/rfc/rfc2849
 */
export function personPasswordChange(domain: string, login: string, password: string, reset: boolean): string {
  const encoded = Buffer.from(password, "utf8").toString("base64");
  return [
    `dn: ${personDn(directoryNames(domain), login)}`,
    "changetype: modify",
    // To add a second value is refused where the attribute has one: the policy of passwords allows only one.
    `${reset ? "replace" : "add"}: userPassword`,
    `userPassword:: ${encoded}`,
    "",
  ].join("\n");
}
