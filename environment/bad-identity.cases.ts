/** Hostile settings of people's accounts, for the same tests as the others. */
import { issueCertificate } from "../tests/issue-certificate.ts";
import type { BadSetting } from "./bad-settings.cases.ts";

const identity = (settings: object) => ({ "roost:identity": JSON.stringify({ kind: "sso", ...settings }) });

/** An embedded directory with two groups and two people. */
const groups = { staff: {}, it: {} };
const people = {
  ada: { givenName: "Ada", surname: "Lovelace", groups: ["staff"] },
  grace: { givenName: "Grace", surname: "Hopper", groups: ["staff", "it"], mail: "grace@roost.test" },
};
const embedded = (directory: object = {}, rest: object = {}) =>
  identity({ directory: { kind: "embedded", groups, people, ...directory }, ...rest });
const rights = (settings: object) => embedded({}, { rights: settings });
const person = (settings: object) =>
  embedded({ people: { ...people, alan: { givenName: "Alan", surname: "Turing", ...settings } } });

/** A directory of the organisation's own. */
const own = {
  kind: "external",
  urls: ["ldaps://dc1.roost.test"],
  cidrs: ["10.2.0.11/32"],
  schema: "activeDirectory",
  bindDn: "cn=roost,ou=services,dc=roost,dc=test",
  bindPassword: "hunter2hunter2",
  peopleDn: "ou=people,dc=roost,dc=test",
  groupsDn: "ou=groups,dc=roost,dc=test",
};
const external = (directory: object) => identity({ directory: { ...own, ...directory } });
const hidden = own.bindPassword;

const issuer = {
  kind: "external",
  issuer: "https://login.roost.test/realms/company",
  clientId: "matrix",
  clientSecret: "correct-horse-battery",
  cidrs: ["10.2.0.21/32"],
  claims: { subject: "directory_id" },
};
const provider = (settings: object) => embedded({}, { provider: { ...issuer, ...settings } });
const keycloak = (settings: object) => embedded({}, { provider: { kind: "keycloak", ...settings } });

const PROVIDER_SECRET = issuer.clientSecret;
const server = issueCertificate({ hosts: ["dc1.roost.test"] });
const D = "identity.directory";
const P = "identity.provider";
const R = "identity.rights";

const kinds: BadSetting[] = [
  {
    title: "accounts of a kind that is none",
    config: { "roost:identity": '{"kind":"ldap"}' },
    path: "identity.kind",
    given: '"ldap"',
    remedy: '"local"',
  },
  { title: "single sign-on without a directory", config: identity({}), path: D, remedy: "embedded" },
  {
    title: "a directory where accounts are local",
    config: { "roost:identity": JSON.stringify({ kind: "local", directory: { kind: "embedded" } }) },
    path: D,
    given: "an unknown setting",
    remedy: 'choose kind "sso"',
  },
  {
    title: "people in an external directory",
    config: external({ people: {} }),
    path: `${D}.people`,
    given: "an unknown setting",
    remedy: 'choose kind "embedded"',
    hidden,
  },
];

const externalDirectories: BadSetting[] = [
  {
    title: "a directory without TLS",
    config: external({ urls: ["ldap://dc1.roost.test"] }),
    path: `${D}.urls.0`,
    given: '"ldap://dc1.roost.test"',
    remedy: "ldaps://",
    hidden,
  },
  {
    title: "a directory's server twice",
    config: external({ urls: ["ldaps://dc1.roost.test", "ldaps://dc1.roost.test"] }),
    path: `${D}.urls.1`,
    given: '"ldaps://dc1.roost.test"',
    remedy: "remove it",
    hidden,
  },
  {
    title: "a directory at a port that is none",
    config: external({ urls: ["ldaps://dc1.roost.test:70000"] }),
    path: `${D}.urls.0`,
    given: "70000",
    remedy: "leave it out",
    hidden,
  },
  {
    title: "no server of a directory",
    config: external({ urls: [] }),
    path: `${D}.urls`,
    given: "[]",
    remedy: "ldaps://",
  },
  {
    title: "a directory that may be everywhere",
    config: external({ cidrs: ["0.0.0.0/0"] }),
    path: `${D}.cidrs.0`,
    given: '"0.0.0.0/0"',
    remedy: "/32",
    hidden,
  },
  {
    title: "a directory's address whose prefix does not fit",
    config: external({ cidrs: ["10.2.0.11/24"] }),
    path: `${D}.cidrs.0`,
    given: '"10.2.0.11/24"',
    remedy: '"10.2.0.0/24"',
    hidden,
  },
  {
    title: "a password of a directory in plain text",
    config: external({}),
    path: `${D}.bindPassword`,
    given: "in plain text",
    remedy: "pulumi config set --secret --path roost:identity.directory.bindPassword",
    hidden,
  },
  {
    title: "no password of a directory",
    config: external({ bindPassword: undefined }),
    path: `${D}.bindPassword`,
    remedy: "--secret",
  },
  {
    title: "an account name where a directory takes distinguished names",
    config: external({ schema: "openldap", bindDn: "roost@roost.test" }),
    path: `${D}.bindDn`,
    given: '"roost@roost.test"',
    remedy: "distinguished name",
    hidden,
  },
  {
    title: "a directory's schema that is not known",
    config: external({ schema: "AD" }),
    path: `${D}.schema`,
    given: '"AD"',
    remedy: '"activeDirectory"',
    hidden,
  },
  {
    title: "a place of people that is no distinguished name",
    config: external({ peopleDn: "people" }),
    path: `${D}.peopleDn`,
    given: '"people"',
    remedy: "ou=people",
    hidden,
  },
  {
    title: "a filter that is not closed",
    config: external({ peopleFilter: "(&(a=b)(c=d)" }),
    path: `${D}.peopleFilter`,
    given: '"(&(a=b)(c=d)"',
    remedy: "employeeType",
    hidden,
  },
  {
    title: "pages that are larger than Active Directory gives",
    config: external({ pageSize: 5000 }),
    path: `${D}.pageSize`,
    given: "5000",
    remedy: "write 1000 or less",
    hidden,
  },
  {
    title: "a server's certificate for that of its authority",
    config: external({ caPem: server.certificatePem }),
    path: `${D}.caPem`,
    given: "no authority's",
    remedy: "not the server's",
    hidden,
  },
];

const embeddedDirectories: BadSetting[] = [
  {
    title: "a login with capitals",
    config: embedded({ people: { Ada: people.ada } }),
    path: `${D}.people.Ada`,
    given: 'the name "Ada"',
    remedy: '"ada"',
  },
  {
    title: "a person without a family name",
    config: embedded({ people: { ada: { givenName: "Ada" } } }),
    path: `${D}.people.ada.surname`,
    remedy: "Lovelace",
  },
  {
    title: "a person in a group that does not exist",
    config: person({ groups: ["stuff"] }),
    path: `${D}.people.alan.groups.0`,
    given: '"stuff"',
    remedy: 'did you mean "staff"?',
  },
  {
    title: "a person in a group twice",
    config: person({ groups: ["staff", "Staff"] }),
    path: `${D}.people.alan.groups.1`,
    given: '"Staff"',
    remedy: "remove it",
  },
  {
    title: "an end on a day that there is not",
    config: person({ expires: "2027-02-30" }),
    path: `${D}.people.alan.expires`,
    given: '"2027-02-30"',
    remedy: "day of the month",
  },
  {
    title: "an end in another order",
    config: person({ expires: "31.01.2027" }),
    path: `${D}.people.alan.expires`,
    given: '"31.01.2027"',
    remedy: "2027-01-31",
  },
  {
    title: "an address of mail that two people share",
    config: person({ mail: "Grace@roost.test" }),
    path: `${D}.people.alan.mail`,
    given: '"Grace@roost.test"',
    remedy: "correct one",
  },
  {
    title: "a number of an employee as a number",
    config: person({ employeeNumber: 10815 }),
    path: `${D}.people.alan.employeeNumber`,
    given: "10815",
    remedy: '"10815"',
  },
  {
    title: "a password in the settings of a person",
    config: person({ password: "hunter2hunter2" }),
    path: `${D}.people.alan.password`,
    given: "an unknown setting",
    remedy: "remove it",
    hidden,
  },
  {
    title: "the login of the break-glass administrator",
    config: embedded({ people: { admin: people.ada } }),
    path: `${D}.people.admin`,
    given: '"admin"',
    remedy: "another login",
  },
  {
    title: "a group that contains itself",
    config: embedded({ groups: { staff: { groups: ["it"] }, it: { groups: ["staff"] } } }),
    path: `${D}.groups.staff.groups`,
    given: '"staff > it > staff"',
    remedy: "out of the other",
  },
  {
    title: "groups that differ by case alone",
    config: embedded({ groups: { staff: {}, it: {}, Staff: {} } }),
    path: `${D}.groups.Staff`,
    given: '"Staff"',
    remedy: "another name",
  },
  {
    title: "passwords that are too short",
    config: embedded({ passwords: { minLength: 4 } }),
    path: `${D}.passwords.minLength`,
    given: "4",
    remedy: "write 8 or more",
  },
];

const providers: BadSetting[] = [
  {
    title: "a sign-in page where the web client is",
    config: keycloak({ host: "chat.roost.test" }),
    path: `${P}.host`,
    given: '"chat.roost.test"',
    remedy: '"id.roost.test"',
  },
  {
    title: "a second factor for nobody",
    config: keycloak({ secondFactor: "nobody" }),
    path: `${P}.secondFactor`,
    given: '"nobody"',
    remedy: "administrators",
  },
  {
    title: "a lock after one wrong password",
    config: keycloak({ lockout: { failures: 1 } }),
    path: `${P}.lockout.failures`,
    given: "1",
    remedy: "write 3 or more",
  },
  {
    title: "a provider without TLS",
    config: provider({ issuer: "http://login.roost.test" }),
    path: `${P}.issuer`,
    given: '"http://login.roost.test"',
    remedy: "https://",
    hidden: PROVIDER_SECRET,
  },
  {
    title: "a provider that may be everywhere",
    config: provider({ cidrs: ["::/0"] }),
    path: `${P}.cidrs.0`,
    given: '"::/0"',
    remedy: "/32",
    hidden: PROVIDER_SECRET,
  },
  {
    title: "a provider that does not say which key of the directory people have",
    config: provider({ claims: {} }),
    path: `${P}.claims.subject`,
    remedy: "directory_id",
    hidden: PROVIDER_SECRET,
  },
  {
    title: "a client's secret in plain text",
    config: provider({}),
    path: `${P}.clientSecret`,
    given: "in plain text",
    remedy: "--secret",
    hidden: PROVIDER_SECRET,
  },
];

const place = { name: "News", members: "everyone" };

const ruled: BadSetting[] = [
  {
    title: "a group that may sign in and does not exist",
    config: rights({ signIn: ["staf"] }),
    path: `${R}.signIn.0`,
    given: '"staf"',
    remedy: 'did you mean "staff"?',
  },
  {
    title: "a group that is named twice",
    config: rights({ administrators: ["it", "IT"] }),
    path: `${R}.administrators.1`,
    given: '"IT"',
    remedy: "remove it",
  },
  {
    title: "nobody who may sign in",
    config: rights({ signIn: [] }),
    path: `${R}.signIn`,
    given: "[]",
    remedy: "staff",
  },
  {
    title: "everyone as a group",
    config: rights({ createRooms: ["everyone"] }),
    path: `${R}.createRooms.0`,
    given: '"everyone"',
    remedy: 'add "everyone"',
  },
  {
    title: "files of a group that are larger than anybody's",
    config: rights({ uploads: { staff: 500 } }),
    path: `${R}.uploads.staff`,
    given: "500",
    remedy: "write 50 or less",
  },
  {
    title: "files of a group that does not exist",
    config: rights({ uploads: { guests: 5 } }),
    path: `${R}.uploads.guests`,
    given: '"guests"',
    remedy: "roost:identity.directory.groups",
  },
  {
    title: "a room in a space that does not exist",
    config: rights({ spaces: { company: place }, rooms: { news: { ...place, space: "compny" } } }),
    path: `${R}.rooms.news.space`,
    given: '"compny"',
    remedy: 'write "company"',
  },
  {
    title: "an alias of a room and of a space",
    config: rights({ spaces: { news: place }, rooms: { news: place } }),
    path: `${R}.rooms.news`,
    given: '"news"',
    remedy: '"news-room"',
  },
  {
    title: "a group with two power levels in one room",
    config: rights({ rooms: { news: { ...place, moderators: ["it"], administrators: ["it"] } } }),
    path: `${R}.rooms.news.moderators.0`,
    given: '"it"',
    remedy: "remove it here",
  },
  {
    title: "an alias with a capital",
    config: rights({ rooms: { News: place } }),
    path: `${R}.rooms.News`,
    given: 'the name "News"',
    remedy: '"news"',
  },
  {
    title: "a room without members",
    config: rights({ rooms: { news: { name: "News" } } }),
    path: `${R}.rooms.news.members`,
    remedy: "set it",
  },
];

const sizes: BadSetting[] = [
  {
    title: "a database without connections for Keycloak",
    config: { ...keycloak({}), "roost:postgres": '{"maxConnections":50}' },
    path: "postgres.maxConnections",
    given: "50",
    remedy: "write 60 or more",
  },
];

const synchronisation: BadSetting[] = [
  {
    title: "leavers that are looked for too seldom",
    config: embedded({}, { sync: { intervalSeconds: 600 } }),
    path: "identity.sync.intervalSeconds",
    given: "600",
    remedy: "write 240 or less",
  },
  {
    title: "more leavers than all",
    config: embedded({}, { sync: { maxLeavers: { percent: 150 } } }),
    path: "identity.sync.maxLeavers.percent",
    given: "150",
    remedy: "write 100 or less",
  },
  {
    title: "a re-hire of another kind",
    config: embedded({}, { sync: { rehire: "old" } }),
    path: "identity.sync.rehire",
    given: '"old"',
    remedy: "new",
  },
];

export const badIdentity: readonly BadSetting[] = [
  ...kinds,
  ...externalDirectories,
  ...embeddedDirectories,
  ...providers,
  ...ruled,
  ...sizes,
  ...synchronisation,
];

/** What is right although it looks strange. */
export const goodIdentity: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a directory with nobody in it yet": identity({ directory: { kind: "embedded" } }),
  "groups in groups, names in any language, and rights that follow from them": embedded(
    {
      groups: { Führung: { groups: ["it"] }, it: {}, staff: { groups: ["Führung"] } },
      people: { ada: { givenName: "Zoë", surname: "名前", groups: ["führung"] } },
    },
    {
      rights: {
        signIn: ["Staff"],
        administrators: ["it"],
        uploads: { staff: 50, it: 0 },
        spaces: { company: { ...place, moderators: ["it"] } },
        rooms: { news: { ...place, members: ["staff"], space: "company", administrators: ["it"], encrypted: true } },
      },
    },
  ),
};
