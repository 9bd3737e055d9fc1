/**
 * The previews that are recorded: what is deployed, and what is then previewed. All are of the shipped stacks, with the
 * real engine and the real providers; only what a setting cannot bring about is done to the program (see alterations.ts).
 */

export interface Scenario {
  /** Which of the shipped settings files. */
  readonly stack: "dev" | "prod";
  /** What is deployed before: the stack as it is shipped, nothing, or the stack with these alterations. @default "shipped" */
  readonly deployed?: "shipped" | "nothing" | readonly string[];
  /** Settings that the change brings, without `roost:`. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the change does to the program, by the names of alterations. @default nothing */
  readonly alterations?: readonly string[];
  /** Configuration of the policy pack that judges it. @default none: nothing judges it */
  readonly policies?: object;
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "first-creation": { stack: "dev", deployed: "nothing" },
  "no-change": { stack: "dev" },
  "replica-change": { stack: "prod", alterations: ["thirdEdge"] },
  "image-bump": { stack: "dev", alterations: ["newWebImage"] },
  "highly-available": { stack: "dev", settings: { availability: "ha" } },
  "database-replaced": { stack: "dev", alterations: ["renamedDatabase"] },
  "database-protected": { stack: "prod", alterations: ["renamedDatabase"] },
  "policy-opened": { stack: "dev", alterations: ["openDatabase", "noDefaultDeny"] },
  "tls-weakened": { stack: "prod", settings: { edge: { exposure: { kind: "loadBalancer" }, tlsMinimum: "1.2" } } },
  "secret-rotated": { stack: "dev", alterations: ["newDatabasePassword"] },
  "certificate-renewed": { stack: "dev", deployed: ["dueCertificate"], alterations: ["dueCertificate"] },
  "unknown-values": { stack: "dev", alterations: ["laterValues"] },
  "500-changes": { stack: "dev", deployed: ["rooms"], alterations: ["renamedRooms"] },
  "failure-in-the-middle": { stack: "dev", alterations: ["newDatabasePassword", "brokenHomeserver"] },
  violation: { stack: "dev", alterations: ["privilegedWeb"], policies: {} },
  "waived-violation": {
    stack: "dev",
    alterations: ["privilegedWeb"],
    policies: {
      "workloads-no-privileged": {
        waivers: [
          {
            resource: "*kubernetes:apps/v1:Deployment::web",
            reason: "A tracer that needs the kernel's events, for a week",
            owner: "platform team",
            expires: "2999-12-31",
          },
        ],
      },
    },
  },
};
