/** As whom this program changes the realm, and how it comes to an account of its own in a new Keycloak. */
import KeycloakAdminClient from "@keycloak/keycloak-admin-client";
import type { Changes } from "./changes.ts";
import type { RealmSpecification, Target } from "./specification.ts";
import { secretFiles } from "./specification.ts";

export interface SignInArgs {
  readonly target: Target;
  readonly specification: RealmSpecification;
  readonly changes: Changes;
  secret(file: string): string;
}

/**
 * An account that may change this realm and nothing else. Where there is none yet, the account that a new Keycloak comes
 * with makes the realm and it, makes the administrator for emergencies, and removes itself.
 */
export async function signIn(args: SignInArgs): Promise<KeycloakAdminClient> {
  const own = await ownAccount(args);
  if (own !== undefined) return own;
  await bootstrap(args);
  const made = await ownAccount(args);
  if (made === undefined) throw new Error("Keycloak does not know this program's account, which was made just now");
  return made;
}

async function ownAccount({ target, specification, secret }: SignInArgs): Promise<KeycloakAdminClient | undefined> {
  const { clientId } = specification.reconciler;
  return account(target.url, specification.name, clientId, secret(secretFiles.reconciler));
}

async function bootstrap(args: SignInArgs): Promise<void> {
  const { target, specification, changes, secret } = args;
  const { clientId } = target.bootstrap;
  const admin = await account(target.url, "master", clientId, secret(secretFiles.bootstrap));
  if (admin === undefined)
    throw new Error(
      `Keycloak knows neither the account "${specification.reconciler.clientId}" of the realm "${specification.name}" nor "${clientId}". Make the latter anew in a pod of Keycloak, with the secret that the stack has for it: kc.sh bootstrap-admin service --client-id=${clientId} --client-secret:env=NAME`,
    );
  const realm = specification.name;
  if ((await admin.realms.findOne({ realm })) === undefined || (await admin.realms.findOne({ realm })) === null) {
    await admin.realms.create({ ...specification.initial, ...specification.realm, realm });
    changes.tell("made", `realm ${realm}`);
    // A token holds rights on the realms that there were when it was made.
    await authenticate(admin, clientId, secret(secretFiles.bootstrap));
  }
  await makeReconciler(admin, args);
  admin.setConfig({ realmName: "master" });
  await admin.realms.update({ realm: "master" }, target.master);
  await makeAdministrator(admin, args);
  // The key to everything, which is needed no more.
  const [self] = await admin.clients.find({ clientId });
  if (self?.id !== undefined) await admin.clients.del({ id: self.id });
  changes.tell("removed", `client ${clientId} of master`);
}

async function makeReconciler(
  admin: KeycloakAdminClient,
  { specification, changes, secret }: SignInArgs,
): Promise<void> {
  const { clientId, roles } = specification.reconciler;
  admin.setConfig({ realmName: specification.name });
  const client = {
    clientId,
    name: "The stack",
    secret: secret(secretFiles.reconciler),
    protocol: "openid-connect",
    publicClient: false,
    serviceAccountsEnabled: true,
    standardFlowEnabled: false,
    directAccessGrantsEnabled: false,
  };
  const [found] = await admin.clients.find({ clientId });
  if (found?.id !== undefined) await admin.clients.update({ id: found.id }, { ...found, ...client });
  else await admin.clients.create(client);
  const [made] = await admin.clients.find({ clientId });
  const [management] = await admin.clients.find({ clientId: "realm-management" });
  if (made?.id === undefined || management?.id === undefined) throw new Error(`The client ${clientId} was not made`);
  const user = await admin.clients.getServiceAccountUser({ id: made.id });
  const all = await admin.clients.listRoles({ id: management.id });
  const granted = all.flatMap(({ id, name }) => (id && name && roles.includes(name) ? [{ id, name }] : []));
  await admin.users.addClientRoleMappings({ id: user.id ?? "", clientUniqueId: management.id, roles: granted });
  changes.tell("made", `client ${clientId}`);
}

async function makeAdministrator(admin: KeycloakAdminClient, { target, changes, secret }: SignInArgs): Promise<void> {
  const { username } = target.administrator;
  const [found] = await admin.users.find({ username, exact: true });
  const id = found?.id ?? (await admin.users.create({ username, enabled: true, emailVerified: true })).id;
  const credential = { type: "password", value: secret(secretFiles.administrator), temporary: false };
  await admin.users.resetPassword({ id, credential });
  const role = await admin.roles.findOneByName({ name: "admin" });
  if (role?.id === undefined) throw new Error("Keycloak has no role admin");
  await admin.users.addRealmRoleMappings({ id, roles: [{ id: role.id, name: "admin" }] });
  changes.tell("made", `administrator ${username}`);
}

/** The service account of a client, or nothing where Keycloak does not know it by this secret. */
async function account(
  baseUrl: string,
  realmName: string,
  clientId: string,
  clientSecret: string,
): Promise<KeycloakAdminClient | undefined> {
  const admin = new KeycloakAdminClient({ baseUrl, realmName, timeout: 60_000 });
  try {
    await authenticate(admin, clientId, clientSecret);
    return admin;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function authenticate(admin: KeycloakAdminClient, clientId: string, clientSecret: string): Promise<void> {
  await admin.auth({ grantType: "client_credentials", clientId, clientSecret });
}

/** No such realm, no such client, or another secret. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof Error && "response" in error ? Object(error.response).status : undefined;
  return status === 400 || status === 401 || status === 404;
}
