import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { levelIn, type Rights } from "../../../components/identity/rights.ts";
import type { Action } from "./actions.ts";
import { agreed, takesAway } from "./agree.ts";
import { fingerprintOf, reasonToLeave } from "./leavers.ts";
import type { Account, Directory, Person } from "./model.ts";
import { type Plan, type PlanSettings, plan } from "./plan.ts";
import { FakeMatrix } from "./testing.ts";

const rights: Rights = {
  signIn: ["staff"],
  administrators: ["it"],
  createRooms: ["staff"],
  uploads: { leads: 200 },
  spaces: { company: { name: "Company", members: "everyone", moderators: [], administrators: ["it"] } },
  rooms: {
    news: {
      name: "News",
      members: "everyone",
      moderators: ["leads"],
      administrators: ["it"],
      space: "company",
      encrypted: false,
    },
    club: { name: "Club", members: ["club"], moderators: ["leads"], administrators: [], encrypted: true },
  },
};
const groupNames = ["staff", "it", "leads", "club"];
const settings: PlanSettings = {
  rights,
  maxUploadMiB: 50,
  maxLeavers: { percent: 10, atLeast: 3 },
  rehire: "new",
  protectedAccounts: new Set(["@admin:example.org"]),
};

function somebody(id: string, changes: Partial<Person> = {}): Person {
  const photo = { present: false, revision: "1" };
  return { id, login: id, name: `Name of ${id}`, state: "active", groups: new Set(["staff"]), photo, ...changes };
}

function directoryOf(people: readonly Person[], groups: readonly string[] = groupNames): Directory {
  return { people: new Map(people.map((person) => [person.id, person])), groups: new Set(groups) };
}

function accountOf(id: string, changes: Partial<Account> = {}): Account {
  return { mxid: `@${id}:example.org`, directoryId: id, deactivated: false, admin: false, ...changes };
}

/** Plans until nothing is to be done, as the service does from run to run. */
function settle(fake: FakeMatrix, directory: Directory, changes: Partial<PlanSettings> = {}): Plan {
  const made = plan({ settings: { ...settings, ...changes }, directory, matrix: fake.matrix, ledger: fake.ledger });
  fake.doAll(made.actions);
  return made;
}

const kinds = ({ actions }: Plan) => actions.map(({ kind }) => kind);
const mxids = ({ actions }: Plan, kind: Action["kind"]) =>
  actions.flatMap((action) => (action.kind === kind && "mxid" in action ? [action.mxid] : []));

const ada = "@ada:example.org";
const person = fc.record({
  state: fc.constantFrom(
    "active" as const,
    "active" as const,
    "active" as const,
    "disabled" as const,
    "expired" as const,
    "notYet" as const,
  ),
  groups: fc.subarray(groupNames).map((names): ReadonlySet<string> => new Set(names)),
  name: fc.string({ minLength: 1 }),
  photo: fc.record({ present: fc.boolean(), revision: fc.constantFrom("1", "2") }),
});
const ids = Array.from({ length: 12 }, (_, index) => `p${index}`);
const directories = fc
  .dictionary(fc.constantFrom(...ids), person, { minKeys: 1 })
  .map((people) => directoryOf(Object.entries(people).map(([id, changes]) => somebody(id, changes))));
const accounts = fc
  .uniqueArray(fc.record({ id: fc.constantFrom(...ids), admin: fc.boolean(), deactivated: fc.boolean() }), {
    selector: ({ id }) => id,
  })
  .map((list) => list.map(({ id, ...changes }) => accountOf(id, changes)));
const unlimited = { maxLeavers: { percent: 100, atLeast: 100 } };

describe("whatever the directory and Matrix look like", () => {
  it("a second comparison does nothing", () => {
    fc.assert(
      fc.property(
        directories,
        accounts,
        fc.constantFrom("new" as const, "same" as const),
        (directory, list, rehire) => {
          const fake = new FakeMatrix(list);
          settle(fake, directory, { ...unlimited, rehire });
          // Who came back is given the rest by the comparison after.
          settle(fake, directory, { ...unlimited, rehire });
          expect(settle(fake, directory, { ...unlimited, rehire }).actions).toEqual([]);
        },
      ),
    );
  });

  it("afterwards everybody has what is theirs, and nothing else", () => {
    fc.assert(
      fc.property(directories, directories, accounts, (before, after, list) => {
        const fake = new FakeMatrix(list);
        for (const directory of [before, after, after]) settle(fake, directory, unlimited);
        for (const { mxid, directoryId, deactivated, admin } of fake.accounts) {
          if (directoryId === undefined) continue;
          const owner = after.people.get(directoryId);
          if (!deactivated) expect(reasonToLeave(owner, rights)).toBeUndefined();
          for (const [alias, place] of Object.entries({ ...rights.spaces, ...rights.rooms })) {
            const level = deactivated || owner === undefined ? undefined : levelIn(place, owner.groups);
            expect([alias, mxid, fake.room(alias).members.has(mxid)]).toEqual([alias, mxid, level !== undefined]);
            expect([alias, mxid, fake.levelOf(alias, mxid)]).toEqual([alias, mxid, level ?? 0]);
          }
          if (!deactivated) expect(admin).toBe(owner?.groups.has("it"));
        }
      }),
    );
  });

  it("interrupted anywhere, the comparisons after it end in the same", () => {
    fc.assert(
      fc.property(directories, directories, accounts, fc.nat({ max: 60 }), (before, after, list, cut) => {
        const [whole, interrupted] = [new FakeMatrix(list), new FakeMatrix(list)];
        for (const fake of [whole, interrupted]) settle(fake, before, unlimited);
        const { actions } = plan({
          settings: { ...settings, ...unlimited },
          directory: after,
          matrix: interrupted.matrix,
          ledger: interrupted.ledger,
        });
        interrupted.doAll(actions.slice(0, cut));
        for (const fake of [whole, interrupted]) for (let run = 0; run < 3; run++) settle(fake, after, unlimited);
        expect(interrupted.accounts).toEqual(whole.accounts);
        for (const alias of whole.rooms.keys()) {
          expect(new Set(interrupted.room(alias).members)).toEqual(new Set(whole.room(alias).members));
          expect(new Map(interrupted.room(alias).levels)).toEqual(new Map(whole.room(alias).levels));
        }
      }),
    );
  });

  it("takes away before it gives, and makes rooms before anybody joins them", () => {
    fc.assert(
      fc.property(directories, directories, accounts, (before, after, list) => {
        const fake = new FakeMatrix(list);
        settle(fake, before, unlimited);
        const { actions } = plan({
          settings: { ...settings, ...unlimited },
          directory: after,
          matrix: fake.matrix,
          ledger: fake.ledger,
        });
        const taking = actions.map(takesAway);
        expect(taking.lastIndexOf(true)).toBeLessThan(
          taking.indexOf(false) < 0 ? actions.length : taking.indexOf(false) + 1,
        );
      }),
    );
  });

  it("never touches an account that is nobody's in the directory, a protected one, or its own", () => {
    fc.assert(
      fc.property(directories, accounts, (directory, list) => {
        const others = [
          { ...accountOf("bot"), directoryId: undefined },
          accountOf("admin", { directoryId: "p0", admin: true }),
          accountOf("directory-sync", { directoryId: "p1", admin: true }),
        ];
        const fake = new FakeMatrix([...list, ...others]);
        settle(fake, directory, unlimited);
        for (const other of others) expect(fake.account(other.mxid)).toEqual(other);
      }),
    );
  });

  it("never deactivates more than the limit, or anybody by an empty directory", () => {
    fc.assert(
      fc.property(
        directories,
        accounts,
        fc.nat({ max: 5 }),
        fc.nat({ max: 100 }),
        (directory, list, atLeast, percent) => {
          const fake = new FakeMatrix(list);
          const active = list.filter(({ deactivated }) => !deactivated).length;
          const made = settle(fake, directory, { maxLeavers: { percent, atLeast } });
          const left = mxids(made, "deactivate").length;
          expect(left).toBeLessThanOrEqual(Math.max(atLeast, Math.floor((active * percent) / 100)));
          expect(mxids(settle(fake, directoryOf([]), { maxLeavers: { percent, atLeast } }), "deactivate")).toEqual([]);
        },
      ),
    );
  });

  it("takes nothing from anybody by a look that another one does not agree with", () => {
    fc.assert(
      fc.property(directories, directories, directories, accounts, (before, first, second, list) => {
        const fake = new FakeMatrix(list);
        settle(fake, before, unlimited);
        const planOf = (directory: Directory) =>
          plan({ settings: { ...settings, ...unlimited }, directory, matrix: fake.matrix, ledger: fake.ledger });
        const both = agreed(planOf(first), planOf(second));
        for (const mxid of mxids(both, "deactivate"))
          for (const directory of [first, second])
            expect(reasonToLeave(directory.people.get(fake.account(mxid).directoryId ?? ""), rights)).toBeDefined();
        fake.doAll(both.actions);
        for (let run = 0; run < 3; run++) settle(fake, second, unlimited);
        const other = new FakeMatrix(list);
        for (const directory of [before, second, second, second]) settle(other, directory, unlimited);
        for (const alias of other.rooms.keys())
          expect(new Set(fake.room(alias).members)).toEqual(new Set(other.room(alias).members));
      }),
    );
  });
});

describe("leavers", () => {
  const five = ["ada", "bob", "cleo", "dora", "emil"];
  const everybody = () => new FakeMatrix(five.map((id) => accountOf(id)));

  it.each([
    ["gone from the directory", [], "absent"],
    ["disabled", [somebody("ada", { state: "disabled" })], "disabled"],
    ["expired", [somebody("ada", { state: "expired" })], "expired"],
    ["in none of the groups that may sign in", [somebody("ada", { groups: new Set(["club"]) })], "notAllowed"],
  ])("are deactivated first of all when they are %s", (_, people, reason) => {
    const made = settle(everybody(), directoryOf([...people, ...five.slice(1).map((id) => somebody(id))]));
    expect(made.actions[0]).toEqual({ kind: "deactivate", mxid: ada, directoryId: "ada", reason });
  });

  it("keep everything while there are too many of them: rooms, levels and rights too", () => {
    const fake = everybody();
    const leads = five.map((id) => somebody(id, { groups: new Set(["staff", "it", "leads", "club"]) }));
    settle(fake, directoryOf(leads));
    const before = [fake.accounts, [...fake.rooms]];
    const made = settle(fake, directoryOf(leads.slice(4)));
    expect(made.refusals.map(({ reason }) => reason)).toEqual(["tooManyLeavers"]);
    expect([fake.accounts, [...fake.rooms]]).toEqual(before);
  });

  it("are deactivated when an operator has allowed exactly this list, after a restart in the middle of it too", () => {
    const fake = everybody();
    const directory = directoryOf([somebody("emil")]);
    const leaving = five.slice(0, 4).map((id) => ({ mxid: `@${id}:example.org` }));
    const args = { settings, directory, ledger: fake.ledger, matrix: fake.matrix };
    expect(mxids(plan({ ...args, approval: fingerprintOf(leaving.slice(1)) }), "deactivate")).toEqual([]);
    const made = plan({ ...args, approval: fingerprintOf(leaving) });
    expect(kinds(made).slice(0, 2)).toEqual(["approve", "deactivate"]);
    // Another five join meanwhile, so that the limit alone would not let the rest go.
    fake.doAll(made.actions.slice(0, 1));
    expect(mxids(settle(fake, directory), "deactivate")).toHaveLength(4);
  });

  it("are told by a message that says how many, and how to allow them", () => {
    const { refusals } = settle(everybody(), directoryOf([somebody("emil")]));
    const list = fingerprintOf(five.slice(0, 4).map((id) => ({ mxid: `@${id}:example.org` })));
    expect(refusals[0]?.message).toMatch(/4 of 5 accounts .* 3 may be/);
    expect(refusals[0]?.message).toContain(list);
  });

  it("are nobody when a group that may sign in does not exist", () => {
    const fake = everybody();
    const made = settle(
      fake,
      directoryOf(
        five.map((id) => somebody(id, { groups: new Set() })),
        ["it"],
      ),
      unlimited,
    );
    expect(mxids(made, "deactivate")).toEqual([]);
    expect(made.refusals[0]).toMatchObject({ reason: "missingGroup", message: expect.stringContaining("staff") });
  });

  it("get a new account when they come back, or the old one, as is set", () => {
    const left = accountOf("ada", { deactivated: true });
    const back = directoryOf([somebody("ada")]);
    expect(kinds(settle(new FakeMatrix([left]), back))).toContain("release");
    const fake = new FakeMatrix([left]);
    settle(fake, back, { rehire: "same" });
    expect(fake.account(ada).deactivated).toBe(false);
    expect(mxids(settle(fake, back, { rehire: "same" }), "join")).toContain(ada);
  });

  it("get the old account by their login when their entry in the directory is a new one", () => {
    const fake = new FakeMatrix([accountOf("ada", { deactivated: true, directoryId: "old" })]);
    settle(fake, directoryOf([somebody("new", { login: "Ada" })]), { rehire: "same" });
    expect(fake.account(ada)).toMatchObject({ deactivated: false, directoryId: "new" });
  });

  it("leave no power level behind for when they come back", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, directoryOf([somebody("ada", { groups: new Set(["staff", "it"]) })]));
    expect(fake.levelOf("news", ada)).toBe(100);
    settle(fake, directoryOf([somebody("ada", { state: "disabled" })]));
    expect(fake.levelOf("news", ada)).toBe(0);
  });
});

describe("rooms", () => {
  const inClub = directoryOf([somebody("ada", { groups: new Set(["staff", "club"]) })]);
  const outside = directoryOf([somebody("ada")]);

  it("lose who was in them by right, and keep who was invited by hand", () => {
    const byRight = new FakeMatrix([accountOf("ada")]);
    settle(byRight, inClub);
    settle(byRight, outside);
    expect(byRight.room("club").members).not.toContain(ada);
    const byHand = new FakeMatrix([accountOf("ada")]);
    settle(byHand, outside);
    byHand.joinByHand("club", ada);
    for (const directory of [inClub, outside]) settle(byHand, directory);
    expect(byHand.room("club").members).toContain(ada);
  });

  it("keep a level that was given by hand, and take back one that was given by right", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, inClub);
    fake.setLevelByHand("club", ada, 75);
    settle(fake, inClub);
    expect(fake.levelOf("club", ada)).toBe(75);
    const lead = directoryOf([somebody("ada", { groups: new Set(["staff", "club", "leads"]) })]);
    for (const directory of [lead, inClub]) settle(fake, directory);
    expect(fake.levelOf("club", ada)).toBe(75);
    expect(fake.levelOf("news", ada)).toBe(0);
  });

  it("keep who was invited by hand when a level goes that was theirs by right", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, outside);
    fake.joinByHand("club", ada);
    const lead = directoryOf([somebody("ada", { groups: new Set(["staff", "leads"]) })]);
    settle(fake, lead);
    expect(fake.levelOf("club", ada)).toBe(50);
    settle(fake, outside);
    expect(fake.levelOf("club", ada)).toBe(0);
    expect(fake.room("club").members).toContain(ada);
  });

  it("do not let in again who was banned", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, outside);
    fake.changeRoom("club", { banned: new Set([ada]) });
    settle(fake, inClub);
    expect(fake.room("club").members).not.toContain(ada);
  });

  it("keep everybody when their group is missing from the directory", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, inClub);
    settle(fake, directoryOf([somebody("ada")], ["staff", "it", "leads"]));
    expect(fake.room("club").members).toContain(ada);
    settle(fake, outside);
    expect(fake.room("club").members).not.toContain(ada);
  });

  it("are left alone, with a message, when somebody else has made them", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, inClub);
    fake.changeRoom("club", { members: new Set(["@bob:example.org"]), levels: new Map([["@bob:example.org", 100]]) });
    const made = settle(fake, inClub);
    expect(made.actions).toEqual([]);
    expect(made.refusals[0]).toMatchObject({ reason: "roomNotOurs", message: expect.stringContaining("#club") });
  });

  it("are told apart from levels that are too high to be changed", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, outside);
    fake.changeRoom("club", {
      levels: new Map([
        [fake.self, 100],
        [ada, 150],
      ]),
    });
    fake.grants.set("!club", new Map([[ada, { member: true, level: 150 }]]));
    fake.joinByHand("club", ada);
    expect(settle(fake, inClub).refusals[0]).toMatchObject({ reason: "levelTooHigh" });
  });
});

describe("accounts", () => {
  it("lose the photo of the directory with it, and keep one that people have chosen themselves", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    const photo = { present: true, revision: "1" };
    settle(fake, directoryOf([somebody("ada", { photo })]));
    expect(fake.account(ada).avatarUrl).toBeDefined();
    settle(fake, directoryOf([somebody("ada")]));
    expect(fake.account(ada).avatarUrl).toBeUndefined();
    fake.accounts = [accountOf("ada", { ...fake.account(ada), avatarUrl: "mxc://own" })];
    expect(kinds(settle(fake, directoryOf([somebody("ada")])))).not.toContain("setPhoto");
  });

  it("have the largest upload limit of their groups", () => {
    const fake = new FakeMatrix([accountOf("ada")]);
    settle(fake, directoryOf([somebody("ada", { groups: new Set(["staff", "leads"]) })]));
    expect(fake.account(ada).userType).toBe("member-rooms-200");
  });
});
