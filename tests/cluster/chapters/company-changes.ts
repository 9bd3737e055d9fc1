import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { WebBrowser } from "../browser.ts";
import { eventually, timed } from "../command.ts";
import { CompanyDirectory } from "../company-directory.ts";
import { attemptIn, podNamed, pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import type { Stage } from "../stage.ts";

/** What the issue of leavers promises. */
const LOCKED_OUT_WITHIN_SECONDS = 300;
/** A run of the synchronisation, and the time that a run takes. */
const FOLLOWS_WITHIN_SECONDS = 60;
/** `changedSyncPeriod` of the realm's directory. */
const CHANGES_READ_EVERY_SECONDS = 60;
const MEBIBYTE = 1024 * 1024;

/** The directory changes, by the hand of whoever administers it, and Matrix follows. */
export function companyChanges(stage: Stage): void {
  describe("when the directory changes", () => {
    const directory = new CompanyDirectory(stage.namespace, stage.domain);
    let browser: WebBrowser;

    beforeAll(async () => {
      browser = await WebBrowser.start(stage.caFile);
    });
    afterAll(async () => {
      stage.sendHome();
      await browser?.close();
    });

    const rooms = async (person: Person) =>
      Object.fromEntries((await person.ask("rooms", {})).rooms.map(({ name, power }) => [name, power]));

    const follows = (what: string, person: Person, expected: Readonly<Record<string, number>>) =>
      eventually(
        what,
        FOLLOWS_WITHIN_SECONDS,
        async () => {
          const now = await rooms(person);
          if (JSON.stringify(sorted(now)) === JSON.stringify(sorted(expected))) return true;
          throw new Error(JSON.stringify(now));
        },
        1000,
      );

    it("a leaver's open client stops working, and does not come back", async () => {
      const lou = await stage.signInElsewhere("lou", browser);
      const { userId } = await lou.ask("whoAmI", {});
      const { seconds } = await timed(async () => {
        await directory.disable("lou");
        await eventually("the end of the session", LOCKED_OUT_WITHIN_SECONDS, async () => {
          const { state } = await lou.ask("session", {});
          return state === "M_UNKNOWN_TOKEN" || undefined;
        });
      });
      stage.record("leaver_locked_out_seconds", { value: seconds, unit: "s", n: 1, note: "account shut, client open" });
      expect(await stage.refusal("lou", browser)).toBeDefined();
      expect(await stage.homeserver.membersOf("news")).not.toContain(userId);
    });

    it("who comes back under the same login gets a new, separate account", async () => {
      const before = `@lou:${stage.domain}`;
      await directory.remove("lou");
      await directory.add("lou", { givenName: "Lou", surname: "Returned" }, ["sales"]);
      stage.forget("lou");
      // Keycloak may know the former person under that login until it next reads what has changed.
      const signIn = () => stage.signInElsewhere("lou", browser);
      const lou = await eventually("the newcomer's sign-in", 200, signIn, CHANGES_READ_EVERY_SECONDS * 1000);
      const { userId } = await lou.ask("whoAmI", {});
      expect(userId).not.toBe(before);
      await follows("the rooms of a newcomer", lou, { Company: 0, News: 0 });
    });

    it("who moves to another department follows into its rooms, with its power, and back", async () => {
      const max = await stage.signInElsewhere("max", browser);
      await follows("the rooms of everyone", max, { Company: 0, News: 0 });
      await directory.join("max", "engineering");
      await directory.join("max", "leads");
      await follows("the rooms of a lead", max, { Company: 0, News: 50, Workshop: 50 });
      await directory.part("max", "leads");
      await follows("the rooms of an engineer", max, { Company: 0, News: 0, Workshop: 0 });
      await directory.part("max", "engineering");
      await follows("the rooms of everyone again", max, { Company: 0, News: 0 });
    });

    it("who becomes an administrator administers, until that ends", async () => {
      const bob = await stage.signInElsewhere("bob", browser);
      const { userId } = await bob.ask("whoAmI", {});
      expect(await stage.homeserver.administers(userId)).toBe(false);
      await directory.join("bob", "it");
      await eventually(
        "the right",
        FOLLOWS_WITHIN_SECONDS,
        async () => (await stage.homeserver.administers(userId)) || undefined,
      );
      await directory.part("bob", "it");
      await eventually(
        "its end",
        FOLLOWS_WITHIN_SECONDS,
        async () => !(await stage.homeserver.administers(userId)) || undefined,
      );
      expect(await bob.ask("session", {})).toEqual({ state: "signed in" });
    });

    it("who marries keeps the account, under a new name", async () => {
      const ada = await stage.signInElsewhere("ada", browser);
      const { userId } = await ada.ask("whoAmI", {});
      expect(userId).toBe(`@ada:${stage.domain}`);
      await directory.rename("ada", { surname: "King", displayName: "Ada King" });
      await eventually("the name", FOLLOWS_WITHIN_SECONDS, async () => {
        const { displayName } = await ada.ask("whoAmI", {});
        return displayName === "Ada King" || undefined;
      });
      expect((await (await stage.signInElsewhere("ada", browser)).ask("whoAmI", {})).userId).toBe(userId);
    });

    it("rooms and large files are made only by those whose groups may", async () => {
      const max = await stage.signInElsewhere("max", browser);
      const ada = await stage.signInElsewhere("ada", browser);
      const asked = { name: "Side room", invite: [], encrypted: false };
      await expect(max.ask("createRoom", asked)).rejects.toThrow(/M_FORBIDDEN|do not allow/i);
      expect((await ada.ask("createRoom", asked)).roomId).toMatch(/^!/);
      const path = join(stage.scratch, "two-mebibytes.bin");
      writeFileSync(path, randomBytes(2 * MEBIBYTE));
      const { roomId } = await stage.homeserver.roomOf("news");
      const contentType = "application/octet-stream";
      await expect(max.ask("sendFile", { roomId, path, contentType })).rejects.toThrow(/M_|413|too large|forbidden/i);
      expect((await ada.ask("sendFile", { roomId, path, contentType })).mxc).toMatch(/^mxc:/);
    });

    it("a second update changes nothing, although people were added and changed by hand", async () => {
      await stage.stack.up("--expect-no-changes", "--suppress-outputs");
      expect(await directory.has("lou")).toBe(true);
    });

    it("nobody is deactivated when half the directory is gone at once", async () => {
      const gone = [["max", "sales"] as const, ["lou", "sales"] as const, ["bob", "engineering"] as const];
      const mover = await stage.signInElsewhere("max", browser);
      for (const [login, group] of gone) await directory.part(login, group);
      await eventually(
        "the refusal",
        FOLLOWS_WITHIN_SECONDS,
        async () => (await refusedLeavers(stage.namespace)) > 0 || undefined,
      );
      expect(await mover.ask("session", {})).toEqual({ state: "signed in" });
      for (const [login, group] of gone) await directory.join(login, group);
      await eventually(
        "all to be well",
        FOLLOWS_WITHIN_SECONDS,
        async () => (await refusedLeavers(stage.namespace)) === 0 || undefined,
      );
      expect(await mover.ask("session", {})).toEqual({ state: "signed in" });
    });
  });
}

function sorted(rooms: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(rooms).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Kinds of changes that the synchronisation refused in its last run, by what it tells Prometheus. */
async function refusedLeavers(namespace: string): Promise<number> {
  const pod = podNamed(await pods(namespace), "directory-sync").metadata.name;
  // Its certificate is for the name of its Service.
  const program = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    fetch("https://127.0.0.1:9464/metrics").then((answer) => answer.text()).then(console.log);`;
  const { code, stdout, stderr } = await attemptIn({ namespace, pod }, ["node", "-e", program]);
  if (code !== 0) throw new Error(`the metrics of ${pod} cannot be read: ${stderr}`);
  return Number(/^directory_sync_refused\{reason="tooManyLeavers"\} (\d+)$/m.exec(stdout)?.[1] ?? 0);
}
