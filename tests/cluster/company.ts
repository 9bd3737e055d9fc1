/** The organisation of the tests that sign in at an identity provider: its people, groups, and what they may do. */

/** Sign-ins with a wrong password until an account is locked. */
export const LOCKED_AFTER = 3;
export const SYNC_SECONDS = 5;

const person = (givenName: string, surname: string, ...groups: readonly string[]) => ({ givenName, surname, groups });

export const company = {
  kind: "sso",
  directory: {
    kind: "embedded",
    people: {
      grace: person("Grace", "Hopper", "it"),
      ada: person("Ada", "Lovelace", "engineering", "leads"),
      bob: person("Bob", "Łukasiewicz", "engineering"),
      mei: person("美", "王", "sales"),
      // In the directory, but in no group that may chat.
      gus: person("Gus", "Grissom", "visitors"),
      dora: { ...person("Dora", "Disabled", "sales"), disabled: true },
      erik: { ...person("Erik", "Expired", "sales"), expires: "2020-01-31" },
      lou: person("Lou", "Leaver", "sales"),
      max: person("Max", "Mover", "sales"),
    },
    groups: {
      staff: { description: "Everybody who is employed", groups: ["engineering", "sales", "it"] },
      engineering: {},
      leads: {},
      sales: {},
      it: {},
      visitors: {},
    },
  },
  provider: { kind: "keycloak", lockout: { failures: LOCKED_AFTER, minutes: 1 } },
  rights: {
    signIn: ["staff"],
    administrators: ["it"],
    createRooms: ["engineering", "it"],
    uploads: { sales: 1 },
    spaces: { company: { name: "Company", members: "everyone", administrators: ["it"] } },
    rooms: {
      news: { name: "News", space: "company", members: "everyone", moderators: ["leads"] },
      workshop: { name: "Workshop", space: "company", members: ["engineering"], moderators: ["leads"] },
    },
  },
  // Half of so few people may leave in one test; the share that an operator would set is tried on its own.
  sync: { intervalSeconds: SYNC_SECONDS, maxLeavers: { percent: 10, atLeast: 2 }, actionsPerSecond: 50 },
};
