import { type Realm, type RealmClient, realmsOf } from "../pack/configuration/realm.ts";
import { type About, each, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

/** A rule about each realm of Keycloak that is declared. */
export function realmRule({ check, ...about }: About & { check(realm: Realm, report: Report): void }): ResourceRule {
  return subjectRule(realmsOf, {
    ...about,
    check: (realms, report) =>
      each(realms, (realm) => check(realm, (message) => report(`the realm "${realm.name}" ${message}`))),
  });
}

/** A rule about each client that people sign in to with a browser. */
export function signInRule({
  check,
  ...about
}: About & { check(client: RealmClient, report: Report): void }): ResourceRule {
  return realmRule({
    ...about,
    check: ({ clients }, report) => {
      const signIn = clients.filter(({ enabled, bearerOnly }) => enabled && !bearerOnly);
      each(signIn, (client) => check(client, (message) => report(`has a client "${client.clientId}" that ${message}`)));
    },
  });
}
