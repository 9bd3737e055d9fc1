/** Makes a realm what is declared: reads what there is, changes what differs, and says so. */
import type KeycloakAdminClient from "@keycloak/keycloak-admin-client";
import type { Changes } from "./changes.ts";
import { reconcileBuiltInClients, reconcileClients } from "./clients.ts";
import { differences, restored } from "./difference.ts";
import { reconcileDirectory } from "./directory.ts";
import { reconcileFlows, removeUnusedFlows } from "./flows.ts";
import { reconcileRights } from "./rights.ts";
import { reconcileScopes } from "./scopes.ts";
import type { RealmSpecification } from "./specification.ts";

/** What each part works with. */
export interface Work {
  readonly admin: KeycloakAdminClient;
  readonly specification: RealmSpecification;
  readonly changes: Changes;
  /** The content of a file of the folder with secrets. */
  secret(file: string): string;
}

export async function reconcile(work: Work): Promise<void> {
  const { specification } = work;
  await reconcileRealm(work);
  await reconcileTexts(work);
  await reconcileRequiredActions(work);
  const provider = await reconcileDirectory(work);
  await reconcileScopes(work);
  const groups = await reconcileRights(work, provider);
  const flows = await reconcileFlows(work, specification.flows);
  await bindBrowserFlow(work, flows);
  await reconcileClients(work, flows);
  await reconcileBuiltInClients(work);
  await removeUnusedFlows(work, flows);
  await groups.assign();
}

async function reconcileRealm({ admin, specification, changes }: Work): Promise<void> {
  const realm = specification.name;
  const found = await admin.realms.findOne({ realm });
  const parts = differences(specification.realm, found);
  if (parts.length === 0) return;
  await admin.realms.update({ realm }, restored(specification.realm, {}));
  changes.tell("restored", `realm ${realm}`, parts);
}

async function bindBrowserFlow({ admin, specification, changes }: Work, flows: ReadonlyMap<string, string>) {
  const realm = specification.name;
  const browserFlow = flows.get(specification.browserFlow);
  const found = await admin.realms.findOne({ realm });
  if (browserFlow === undefined || found?.browserFlow === browserFlow) return;
  await admin.realms.update({ realm }, { browserFlow });
  changes.tell("restored", `realm ${realm}`, ["browserFlow"]);
}

async function reconcileTexts({ admin, specification, changes }: Work): Promise<void> {
  const realm = specification.name;
  for (const [selectedLocale, texts] of Object.entries(specification.texts)) {
    const found = await admin.realms.getRealmLocalizationTexts({ realm, selectedLocale });
    const parts = Object.keys(texts).filter((key) => texts[key] !== found[key]);
    for (const key of parts) await admin.realms.addLocalization({ realm, selectedLocale, key }, texts[key] ?? "");
    if (parts.length > 0) changes.tell("restored", `texts ${selectedLocale}`, parts);
  }
}

async function reconcileRequiredActions({ admin, specification, changes }: Work): Promise<void> {
  for (const action of await admin.authenticationManagement.getRequiredActions()) {
    const { alias = "" } = action;
    const enabled = specification.requiredActions[alias];
    if (enabled === undefined || action.enabled === enabled) continue;
    await admin.authenticationManagement.updateRequiredAction({ alias }, { ...action, enabled });
    changes.tell("restored", `required action ${alias}`, ["enabled"]);
  }
}
