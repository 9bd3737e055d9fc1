import { createHash } from "node:crypto";
import { z } from "zod";
import type { Action } from "../core/actions.ts";
import type { Leaver, Person } from "../core/model.ts";
import type { Accounts } from "./accounts.ts";
import type { Homeserver } from "./homeserver.ts";
import type { LedgerStore } from "./ledger.ts";
import type { Rooms } from "./rooms.ts";

export interface Workshop {
  readonly homeserver: Homeserver;
  readonly accounts: Accounts;
  readonly rooms: Rooms;
  readonly ledger: LedgerStore;
}

/** Reads somebody's photo in the directory. */
export type PhotoSource = (directoryId: string) => Promise<Buffer | undefined>;

const deviceList = z.object({ total: z.number() });
const uploaded = z.object({ content_uri: z.string() });

/** Does one thing in Matrix. */
export async function perform(
  action: Action,
  { homeserver, accounts, rooms, ledger }: Workshop,
  photo: PhotoSource,
): Promise<void> {
  switch (action.kind) {
    case "approve":
      return ledger.approve(action.mxids);
    case "deactivate":
      return deactivate(action, homeserver, accounts);
    case "release":
      return accounts.give(action.mxid, undefined);
    case "reactivate":
      return accounts.give(action.mxid, action.directoryId, { deactivated: false });
    case "setAdmin":
      return accounts.change(action.mxid, { admin: action.admin });
    case "setProfile":
      return accounts.change(action.mxid, {
        ...(action.displayName !== undefined && { displayname: action.displayName }),
        ...(action.userType !== undefined && { user_type: action.userType }),
      });
    case "setPhoto":
      return setPhoto(action.mxid, action.person, { homeserver, accounts, rooms, ledger }, photo);
    case "createRoom":
      return rooms.create(action.alias, action.space, action.place);
    case "setRoomState":
      return rooms.setState(action.alias, action.type, "", action.content);
    case "addChild":
      return rooms.addChild(action.alias, action.child);
    case "remember":
      return ledger.setGrants(rooms.idOf(action.alias), action.grants);
    case "join":
      return rooms.join(action.alias, action.mxid);
    case "remove":
      return rooms.remove(action.alias, action.mxid, "No longer in a group of this room");
    case "setLevels":
      return rooms.setLevels(action.alias, action.levels);
  }
}

/** Sign-ins that may fall between two steps of a deactivation. */
const SECOND_LOOKS = 3;

/**
 * Ends an account: sessions, refresh tokens, devices, pushers, memberships. The homeserver takes sessions away before it
 * marks the account, so that somebody who signs in at that very moment would keep one: hence the second look.
 */
async function deactivate(leaver: Leaver, homeserver: Homeserver, accounts: Accounts): Promise<void> {
  const { mxid, directoryId } = leaver;
  const account = await accounts.read(mxid);
  if (account === undefined || account.directoryId !== directoryId)
    throw new Error(`${mxid} is no longer the account of ${directoryId}`);
  if (account.admin) await accounts.change(mxid, { admin: false });
  const user = encodeURIComponent(mxid);
  for (let look = 0; look < SECOND_LOOKS; look++) {
    await homeserver.write("POST", `/_synapse/admin/v1/deactivate/${user}`, { body: { erase: false } });
    const { total } = await homeserver.get(`/_synapse/admin/v2/users/${user}/devices`, deviceList);
    if (total === 0) return;
  }
  throw new Error(`${mxid} still has devices after ${SECOND_LOOKS} deactivations`);
}

async function setPhoto(
  mxid: string,
  person: Person,
  { homeserver, accounts, ledger }: Workshop,
  photo: PhotoSource,
): Promise<void> {
  const { revision, present } = person.photo;
  const given = ledger.photos.get(mxid)?.file;
  const account = await accounts.read(mxid);
  const bytes = present ? await photo(person.id) : undefined;
  const type = bytes === undefined ? undefined : imageType(bytes);
  if (bytes === undefined || type === undefined) {
    // Only what came from the directory goes with it.
    if (given !== undefined && account?.avatarUrl === given.url) await accounts.change(mxid, { avatar_url: "" });
    ledger.setPhoto(mxid, { revision });
    return;
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const url = given?.sha256 === sha256 ? given.url : await upload(homeserver, bytes, type);
  if (account?.avatarUrl !== url) await accounts.change(mxid, { avatar_url: url });
  ledger.setPhoto(mxid, { revision, file: { url, sha256 } });
}

async function upload(homeserver: Homeserver, bytes: Buffer, contentType: string): Promise<string> {
  const path = "/_matrix/media/v3/upload?filename=photo";
  return uploaded.parse(await homeserver.write("POST", path, { body: bytes, contentType })).content_uri;
}

/** What clients can show; nothing for other bytes. */
function imageType(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return "image/jpeg";
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return "image/png";
  return undefined;
}
