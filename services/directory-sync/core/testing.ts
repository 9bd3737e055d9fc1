/** A Matrix in memory that does what it is told: plans are carried out on it, to see what they lead to. */
import type { Action } from "./actions.ts";
import type { Account, GivenPhoto, Grant, Ledger, Matrix, RoomState } from "./model.ts";
import { OWN_LEVEL } from "./rooms.ts";

export class FakeMatrix {
  accounts: Account[];
  readonly rooms = new Map<string, RoomState>();
  readonly grants = new Map<string, ReadonlyMap<string, Grant>>();
  readonly photos = new Map<string, GivenPhoto>();
  approved: ReadonlySet<string> = new Set();
  readonly self = "@directory-sync:example.org";

  constructor(accounts: readonly Account[] = []) {
    this.accounts = [...accounts];
  }

  get matrix(): Matrix {
    return { self: this.self, accounts: this.accounts, rooms: this.rooms };
  }

  get ledger(): Ledger {
    return { grants: this.grants, photos: this.photos, approved: this.approved };
  }

  account(mxid: string): Account {
    const account = this.accounts.find((each) => each.mxid === mxid);
    if (account === undefined) throw new Error(`there is no account ${mxid}`);
    return account;
  }

  room(alias: string): RoomState {
    const room = this.rooms.get(alias);
    if (room === undefined) throw new Error(`there is no room ${alias}`);
    return room;
  }

  changeRoom(alias: string, changes: Partial<RoomState>): void {
    this.rooms.set(alias, { ...this.room(alias), ...changes });
  }

  /** Somebody invites by hand, and the invitation is accepted. */
  joinByHand(alias: string, mxid: string): void {
    this.changeRoom(alias, { members: new Set([...this.room(alias).members, mxid]) });
  }

  setLevelByHand(alias: string, mxid: string, level: number): void {
    this.changeRoom(alias, { levels: new Map([...this.room(alias).levels, [mxid, level]]) });
  }

  doAll(actions: readonly Action[]): void {
    for (const action of actions) this.do(action);
  }

  do(action: Action): void {
    switch (action.kind) {
      case "approve":
        this.approved = new Set(action.mxids);
        return;
      case "deactivate":
        this.change(action.mxid, { deactivated: true, admin: false });
        for (const alias of this.rooms.keys()) this.leave(alias, action.mxid);
        return;
      case "release":
        this.change(action.mxid, { directoryId: undefined });
        return;
      case "reactivate":
        this.change(action.mxid, { deactivated: false, directoryId: action.directoryId });
        return;
      case "setAdmin":
        this.change(action.mxid, { admin: action.admin });
        return;
      case "setProfile": {
        const { displayName, userType } = action;
        this.change(action.mxid, {
          ...(displayName !== undefined && { displayName }),
          ...(userType !== undefined && { userType }),
        });
        return;
      }
      case "setPhoto": {
        const { revision, present } = action.person.photo;
        const file = { url: `mxc://${action.directoryId}/${revision}`, sha256: revision };
        this.photos.set(action.mxid, present ? { revision, file } : { revision });
        this.change(action.mxid, { avatarUrl: present ? file.url : undefined });
        return;
      }
      case "createRoom":
        this.create(action);
        return;
      case "setRoomState": {
        const { name = this.room(action.alias).name, topic = this.room(action.alias).topic } = action.content;
        this.changeRoom(action.alias, {
          name,
          topic,
          ...(action.type === "m.room.encryption" && { encrypted: true }),
        });
        return;
      }
      case "addChild": {
        const children = new Set([...this.room(action.alias).children, this.room(action.child).id]);
        this.changeRoom(action.alias, { children });
        return;
      }
      case "remember":
        this.grants.set(this.room(action.alias).id, action.grants);
        return;
      case "join":
        if (this.room(action.alias).banned.has(action.mxid)) throw new Error(`${action.mxid} is banned`);
        if (this.account(action.mxid).deactivated) throw new Error(`${action.mxid} is deactivated`);
        this.joinByHand(action.alias, action.mxid);
        return;
      case "remove":
        if (this.levelOf(action.alias, action.mxid) >= this.levelOf(action.alias, this.self))
          throw new Error("too high a level");
        this.leave(action.alias, action.mxid);
        return;
      case "setLevels": {
        const levels = new Map(this.room(action.alias).levels);
        for (const [mxid, level] of action.levels) {
          if (this.levelOf(action.alias, mxid) >= this.levelOf(action.alias, this.self))
            throw new Error("too high a level");
          if (level === undefined) levels.delete(mxid);
          else levels.set(mxid, level);
        }
        this.changeRoom(action.alias, { levels });
        return;
      }
    }
  }

  levelOf(alias: string, mxid: string): number {
    return this.room(alias).levels.get(mxid) ?? this.room(alias).usersDefault;
  }

  private change(mxid: string, changes: Partial<Account>): void {
    const account = this.account(mxid);
    this.accounts = this.accounts.map((each) => (each === account ? { ...account, ...changes } : each));
  }

  private leave(alias: string, mxid: string): void {
    this.changeRoom(alias, { members: new Set([...this.room(alias).members].filter((member) => member !== mxid)) });
  }

  private create({ alias, space, place }: Extract<Action, { kind: "createRoom" }>): void {
    if (this.rooms.has(alias)) throw new Error(`#${alias} is taken`);
    this.rooms.set(alias, {
      id: `!${alias}`,
      name: place.name,
      topic: place.topic,
      encrypted: "encrypted" in place && place.encrypted,
      space,
      members: new Set([this.self]),
      banned: new Set(),
      levels: new Map([[this.self, OWN_LEVEL]]),
      usersDefault: 0,
      children: new Set(),
    });
  }
}
