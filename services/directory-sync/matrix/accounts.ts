import { z } from "zod";
import type { Account } from "../core/model.ts";
import type { Homeserver } from "./homeserver.ts";

const listedAccount = z.object({
  name: z.string(),
  admin: z.union([z.boolean(), z.number()]).transform(Boolean),
  deactivated: z.union([z.boolean(), z.number()]).transform(Boolean),
  user_type: z.string().nullish(),
  displayname: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
const accountPage = z.object({ users: z.array(listedAccount), next_token: z.string().optional(), total: z.number() });
const externalIds = z.array(z.object({ auth_provider: z.string(), external_id: z.string() }));
const accountDetails = listedAccount.extend({ external_ids: externalIds });

export type ExternalIds = z.output<typeof externalIds>;
type ListedAccount = z.output<typeof listedAccount>;

const PAGE = 1000;
const AT_ONCE = 4;
/** Of the keys that are known, the share that is asked for again in each run: they can be changed by hand. */
const ASKED_AGAIN = 0.02;

/** Reads accounts. Only details tell whose account it is, so that is remembered. */
export class Accounts {
  private readonly homeserver: Homeserver;
  private readonly provider: string;
  /** Keys in the directory by mxid, the one asked for the longest ago first. */
  private readonly owners = new Map<string, string | undefined>();

  constructor(homeserver: Homeserver, provider: string) {
    this.homeserver = homeserver;
    this.provider = provider;
  }

  /** All accounts, of those who have left too. */
  async all(): Promise<Account[]> {
    const listed: ListedAccount[] = [];
    for (let from: string | undefined = "0"; from !== undefined; ) {
      const path: string = `/_synapse/admin/v2/users?deactivated=true&locked=true&guests=false&limit=${PAGE}&from=${from}`;
      const page: z.output<typeof accountPage> = await this.homeserver.get(path, accountPage);
      listed.push(...page.users);
      from = page.next_token;
    }
    // Between two pages an account that was made moves the others on: some come twice.
    const byName = new Map(listed.map((account) => [account.name, account]));
    const known = [...this.owners.keys()].filter((mxid) => byName.has(mxid));
    const again = known.slice(0, Math.ceil(known.length * ASKED_AGAIN));
    const unknown = [...byName.keys()].filter((mxid) => !this.owners.has(mxid));
    await this.learn([...unknown, ...again]);
    return [...byName.values()].map((account) => this.accountOf(account));
  }

  /** Accounts made lately that {@link all} did not find. */
  async made(): Promise<Account[]> {
    const path = "/_synapse/admin/v2/users?guests=false&limit=50&order_by=creation_ts&dir=b";
    const { users } = await this.homeserver.get(path, accountPage);
    const unknown = users.filter(({ name }) => !this.owners.has(name));
    await this.learn(unknown.map(({ name }) => name));
    return unknown.map((account) => this.accountOf(account));
  }

  /** The account as it is now; nothing if there is none. */
  async read(mxid: string): Promise<(Account & { readonly externalIds: ExternalIds }) | undefined> {
    const details = await this.homeserver.find(pathOf(mxid), accountDetails);
    if (details === undefined) return undefined;
    this.remember(mxid, details.external_ids);
    return { ...this.accountOf(details), externalIds: details.external_ids };
  }

  async change(mxid: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    await this.homeserver.write("PUT", pathOf(mxid), { body: changes });
  }

  /** @param directoryId the person whose account it is from now on; nobody if left out */
  async give(
    mxid: string,
    directoryId: string | undefined,
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const account = await this.read(mxid);
    if (account === undefined) throw new Error(`${mxid}: there is no such account any more`);
    const others = account.externalIds.filter((id) => id.auth_provider !== this.provider);
    const own = directoryId === undefined ? [] : [{ auth_provider: this.provider, external_id: directoryId }];
    await this.change(mxid, { ...changes, external_ids: [...others, ...own] });
    this.remember(mxid, [...others, ...own]);
  }

  private async learn(mxids: readonly string[]): Promise<void> {
    const queue = [...mxids];
    const work = async () => {
      for (let mxid = queue.pop(); mxid !== undefined; mxid = queue.pop()) await this.read(mxid);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private remember(mxid: string, ids: ExternalIds): void {
    this.owners.delete(mxid);
    this.owners.set(mxid, ids.find((id) => id.auth_provider === this.provider)?.external_id);
  }

  private accountOf(listed: ListedAccount): Account {
    return {
      mxid: listed.name,
      directoryId: this.owners.get(listed.name),
      deactivated: listed.deactivated,
      admin: listed.admin,
      userType: listed.user_type ?? undefined,
      displayName: listed.displayname ?? undefined,
      avatarUrl: listed.avatar_url ?? undefined,
    };
  }
}

function pathOf(mxid: string): string {
  return `/_synapse/admin/v2/users/${encodeURIComponent(mxid)}`;
}
