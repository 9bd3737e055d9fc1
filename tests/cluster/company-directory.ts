import { directoryNames, groupDn, personDn } from "../../components/identity/directory/names.ts";
import { personPasswordCommand } from "../../components/identity/directory/person-password.ts";
import { attemptIn } from "./kubectl.ts";

const SERVER = "openldap-0";

/** The embedded directory, changed as its administrator would by hand. */
export class CompanyDirectory {
  private readonly namespace: string;
  private readonly names: ReturnType<typeof directoryNames>;

  constructor(namespace: string, domain: string) {
    this.namespace = namespace;
    this.names = directoryNames(domain);
  }

  /** Shuts an account, whose entry stays. */
  disable(login: string): Promise<void> {
    return this.change(login, [
      "changetype: modify",
      "replace: pwdAccountLockedTime",
      "pwdAccountLockedTime: 000001010000Z",
    ]);
  }

  remove(login: string): Promise<void> {
    return this.change(login, ["changetype: delete"]);
  }

  async add(
    login: string,
    { givenName, surname }: { readonly givenName: string; readonly surname: string },
    groups: readonly string[],
  ): Promise<void> {
    await this.change(login, [
      "changetype: add",
      "objectClass: inetOrgPerson",
      `uid: ${login}`,
      `cn: ${givenName} ${surname}`,
      `displayName: ${givenName} ${surname}`,
      `givenName: ${givenName}`,
      `sn: ${surname}`,
    ]);
    for (const group of groups) await this.join(login, group);
  }

  join(login: string, group: string): Promise<void> {
    return this.member("add", login, group);
  }

  part(login: string, group: string): Promise<void> {
    return this.member("delete", login, group);
  }

  rename(login: string, { surname, displayName }: { readonly surname: string; readonly displayName: string }) {
    const replaced = { sn: surname, displayName, cn: displayName };
    const lines = Object.entries(replaced).flatMap(([name, value]) => [`replace: ${name}`, `${name}: ${value}`, "-"]);
    return this.change(login, ["changetype: modify", ...lines]);
  }

  async has(login: string): Promise<boolean> {
    const [, ...how] = personPasswordCommand(true);
    const { code } = await attemptIn({ namespace: this.namespace, pod: SERVER }, [
      "ldapsearch",
      ...how,
      ...["-s", "base", "-b", personDn(this.names, login)],
    ]);
    return code === 0;
  }

  private member(what: "add" | "delete", login: string, group: string): Promise<void> {
    const person = personDn(this.names, login);
    return this.modify([
      `dn: ${groupDn(this.names, group)}`,
      "changetype: modify",
      `${what}: member`,
      `member: ${person}`,
    ]);
  }

  private change(login: string, lines: readonly string[]): Promise<void> {
    return this.modify([`dn: ${personDn(this.names, login)}`, ...lines]);
  }

  private async modify(lines: readonly string[]): Promise<void> {
    const place = { namespace: this.namespace, pod: SERVER };
    const { code, stderr } = await attemptIn(place, personPasswordCommand(true), `${lines.join("\n")}\n`);
    if (code !== 0) throw new Error(`the directory refused ${lines.join("; ")}: ${stderr}`);
  }
}
