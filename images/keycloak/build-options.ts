/**
 * What Keycloak is told when it is built, not when it starts: its database, its health and metrics, and which of its
 * features exist at all. The image is built with them; where it was not (upstream's), the pod builds it at its start.
 *
 * @source https://www.keycloak.org/server/all-config?f=build
 */
export const buildOptions: readonly string[] = [
  "--db=postgres",
  "--health-enabled=true",
  "--metrics-enabled=true",
  // None of these is used, and what does not exist cannot be attacked: flows for devices without a browser, authorization
  // as a service, sign-in by Kerberos, taking another person's place, organizations of customers.
  "--features-disabled=ciba,device-flow,kerberos,impersonation,organization,token-exchange-standard,par",
];

/** File in Keycloak's folder that says with which of them it was built. */
export const builtWithFile = "built-with";
