import { localUrl } from "./slapd.ts";
import { paths } from "./spec.ts";

/**
 * What changes an entry from within a server's container, by its socket: `tools/person.ts` runs it there.
 *
 * @param reset whether a password that there is is replaced; otherwise the change fails
 * @param url the server's socket
 * @source https://www.rfc-editor.org/rfc/rfc4528
 */
export function personPasswordCommand(reset: boolean, url = localUrl(paths.run)): readonly string[] {
  const onlyFirst = reset ? [] : ["-e", "!assert=(!(userPassword=*))"];
  return ["ldapmodify", "-Q", "-Y", "EXTERNAL", ...onlyFirst, "-H", url];
}

/**
 * What it reads from its standard input, so that the password never stands in a list of processes.
 * @source https://www.rfc-editor.org/rfc/rfc2849
 */
export function personPasswordChange(peopleDn: string, login: string, password: string): string {
  const encoded = Buffer.from(password, "utf8").toString("base64");
  return `dn: uid=${login},${peopleDn}\nchangetype: modify\nreplace: userPassword\nuserPassword:: ${encoded}\n`;
}
