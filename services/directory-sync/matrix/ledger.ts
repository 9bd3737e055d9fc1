/**
 * What was given by right, kept in the account data of the service's own account: where Matrix' own backup has it, and
 * no further database is needed. Photos are in parts, so that a change writes a little.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { GivenPhoto, Grant, Ledger } from "../core/model.ts";
import type { Homeserver } from "./homeserver.ts";

const storedGrants = z.object({ grants: z.record(z.string(), z.object({ member: z.boolean(), level: z.number() })) });
const storedApproval = z.object({ mxids: z.array(z.string()) });
const storedPhotos = z.object({
  photos: z.record(
    z.string(),
    z.object({ revision: z.string(), file: z.object({ url: z.string(), sha256: z.string() }).optional() }),
  ),
});
const PARTS = [..."0123456789abcdef"];

export class LedgerStore implements Ledger {
  readonly grants = new Map<string, ReadonlyMap<string, Grant>>();
  readonly photos = new Map<string, GivenPhoto>();
  approved: ReadonlySet<string> = new Set();
  private readonly homeserver: Homeserver;
  private readonly changedParts = new Set<string>();

  constructor(homeserver: Homeserver) {
    this.homeserver = homeserver;
  }

  /** Reads what the leader before has written. */
  async load(): Promise<void> {
    this.grants.clear();
    this.photos.clear();
    this.changedParts.clear();
    const approval = await this.homeserver.find(this.path("approved"), storedApproval);
    this.approved = new Set(approval?.mxids ?? []);
    for (const part of PARTS) {
      const stored = await this.homeserver.find(this.path(`photos.${part}`), storedPhotos);
      for (const [mxid, photo] of Object.entries(stored?.photos ?? {})) this.photos.set(mxid, photo);
    }
  }

  /** Reads what was given in a room, once. */
  async loadRoom(roomId: string): Promise<void> {
    if (this.grants.has(roomId)) return;
    const stored = await this.homeserver.find(this.roomPath(roomId), storedGrants);
    this.grants.set(roomId, new Map(Object.entries(stored?.grants ?? {})));
  }

  async setGrants(roomId: string, grants: ReadonlyMap<string, Grant>): Promise<void> {
    await this.homeserver.write("PUT", this.roomPath(roomId), { body: { grants: Object.fromEntries(grants) } });
    this.grants.set(roomId, grants);
  }

  async approve(mxids: readonly string[]): Promise<void> {
    await this.homeserver.write("PUT", this.path("approved"), { body: { mxids } });
    this.approved = new Set(mxids);
  }

  /** Written by {@link flush}. */
  setPhoto(mxid: string, photo: GivenPhoto): void {
    this.photos.set(mxid, photo);
    this.changedParts.add(partOf(mxid));
  }

  async flush(): Promise<void> {
    for (const part of [...this.changedParts]) {
      const photos = Object.fromEntries([...this.photos].filter(([mxid]) => partOf(mxid) === part));
      await this.homeserver.write("PUT", this.path(`photos.${part}`), { body: { photos } });
      this.changedParts.delete(part);
    }
  }

  private path(type: string): string {
    return `/_matrix/client/v3/user/${encodeURIComponent(this.homeserver.self)}/account_data/roost.${type}`;
  }

  private roomPath(roomId: string): string {
    const user = `/_matrix/client/v3/user/${encodeURIComponent(this.homeserver.self)}`;
    return `${user}/rooms/${encodeURIComponent(roomId)}/account_data/roost.grants`;
  }
}

function partOf(mxid: string): string {
  return createHash("sha256").update(mxid).digest("hex").slice(0, 1);
}
