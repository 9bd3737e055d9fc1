import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { rightsModule, rightsModuleFile } from "./rights-module.ts";
import { singleSignOnConfiguration } from "./single-sign-on.ts";
import { addresses, oidcConnection, signInRules } from "./testing.ts";

// Where there is no Python, Synapse's image still has one: the end-to-end suite runs the module there.
const described = spawnSync("python3", ["--version"]).status === 0 ? describe : describe.skip;
const folder = mkdtempSync(join(tmpdir(), "roost-rights-"));

const [configured] = singleSignOnConfiguration({
  ...addresses,
  domain: "example.org",
  connection: oidcConnection,
  rules: signInRules,
  passwordUsers: ["@admin:example.org", "@directory-sync:example.org"],
  maxUploadMiB: 50,
}).modules;

/** As much of Synapse as the module imports. */
const synapse = {
  "__init__.py": "",
  "module_api/__init__.py": 'NOT_SPAM = "NOT_SPAM"\n',
  "module_api/errors.py": `class Codes:
    FORBIDDEN = "M_FORBIDDEN"

class ConfigError(Exception):
    pass
`,
};

/** Asks the module, as Synapse does, by the names under which it has registered itself. */
const asking = `import asyncio, json, sys
from collections import namedtuple
from synapse.module_api.errors import ConfigError
from roost_rights import Rights

question = json.load(sys.stdin)
Account = namedtuple("Account", ["is_admin", "user_type"])

class Api:
    def __init__(self):
        self.callbacks = {}
    def register_spam_checker_callbacks(self, **callbacks):
        self.callbacks.update(callbacks)
    register_media_repository_callbacks = register_spam_checker_callbacks
    async def get_userinfo_by_id(self, user):
        account = question["accounts"].get(user)
        return account and Account(**account)

api = Api()
try:
    Rights(Rights.parse_config(question["config"]), api)
    answer = asyncio.run(api.callbacks[question["callback"]](*question["args"]))
except ConfigError as error:
    answer = {"refused": str(error)}
json.dump(answer, sys.stdout)
`;

const accounts = {
  "@ada:example.org": { is_admin: false, user_type: "member-rooms-50" },
  "@guest:example.org": { is_admin: false, user_type: "member-10" },
  "@new:example.org": { is_admin: false, user_type: null },
  "@former:example.org": { is_admin: false, user_type: "member-rooms-4000" },
  "@root:example.org": { is_admin: true, user_type: "member-10" },
};

beforeAll(() => {
  mkdirSync(join(folder, "synapse", "module_api"), { recursive: true });
  for (const [file, text] of Object.entries(synapse)) writeFileSync(join(folder, "synapse", file), text);
  writeFileSync(join(folder, rightsModuleFile), rightsModule);
  writeFileSync(join(folder, "ask.py"), asking);
});
afterAll(() => rmSync(folder, { recursive: true }));

function ask(callback: string, args: readonly unknown[], config: unknown = configured?.config): unknown {
  const input = JSON.stringify({ callback, args, config, accounts });
  const { stdout, stderr, status } = spawnSync("python3", ["ask.py"], { cwd: folder, input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const login = (user: string, provider: string | null) =>
  ask("check_login_for_spam", [user, "DEVICE", "Firefox", [], provider]);
const mayCreate = (user: string) => ask("user_may_create_room", [user]) === "NOT_SPAM";
const mayUpload = (user: string, size: number) => ask("is_user_allowed_to_upload_media_of_size", [user, size]);
const MIB = 1024 * 1024;

described("signing in", () => {
  it("is left to the identity provider", () => {
    expect(login("@ada:example.org", "oidc-company")).toBe("NOT_SPAM");
  });

  it("with a password is refused, in words that say what to do instead", () => {
    const refused = ["M_FORBIDDEN", { error: expect.stringMatching(/Sign in with your organisation's account/) }];
    expect(login("@ada:example.org", null)).toEqual(refused);
    expect(login("@ada:example.org", "oidc-other")).toEqual(refused);
    // An administrator by the directory is no break-glass account.
    expect(login("@root:example.org", null)).toEqual(refused);
  });

  it.each(["@admin:example.org", "@directory-sync:example.org"])("with a password is open to %s", (user) => {
    expect(login(user, null)).toBe("NOT_SPAM");
  });

  it("is not open to names that only look like these", () => {
    for (const user of ["@admin2:example.org", "@Admin:example.org", "@admin:example.org.evil.org"])
      expect(login(user, null)).not.toBe("NOT_SPAM");
  });
});

described("rights", () => {
  it("to make rooms follow from the type of the account", () => {
    expect(Object.keys(accounts).filter(mayCreate)).toEqual(["@ada:example.org", "@root:example.org"]);
  });

  it("to send files end at the size of the type, to the byte", () => {
    expect([mayUpload("@ada:example.org", 50 * MIB), mayUpload("@ada:example.org", 50 * MIB + 1)]).toEqual([
      true,
      false,
    ]);
    expect([mayUpload("@guest:example.org", 10 * MIB), mayUpload("@guest:example.org", 10 * MIB + 1)]).toEqual([
      true,
      false,
    ]);
  });

  it.each(["@new:example.org", "@former:example.org", "@nobody:example.org"])(
    "of %s are the least that there are",
    (user) => {
      expect(mayCreate(user)).toBe(false);
      expect(mayUpload(user, 10 * MIB + 1)).toBe(false);
      expect(mayUpload(user, 10 * MIB)).toBe(true);
    },
  );

  it("tell clients beforehand how large a file may be", () => {
    expect(ask("get_media_config_for_user", ["@guest:example.org"])).toEqual({ "m.upload.size": 10 * MIB });
    expect(ask("get_media_config_for_user", ["@root:example.org"])).toEqual({ "m.upload.size": 50 * MIB });
  });
});

described("a configuration that is not whole", () => {
  const whole = configured?.config;

  it.each([
    [{ ...whole, user_types: {} }, /user_types is empty/],
    [{ ...whole, user_types: { member: { create_rooms: "no", max_upload_mib: 5 } } }, /user type member/],
    [{ ...whole, user_types: { member: { create_rooms: true } } }, /user type member/],
    [{ user_types: whole?.user_types }, /not set: max_upload_mib, password_users, provider/],
  ])("keeps Synapse from starting: %#", (config, message) => {
    expect(ask("user_may_create_room", ["@ada:example.org"], config)).toEqual({
      refused: expect.stringMatching(message),
    });
  });
});
