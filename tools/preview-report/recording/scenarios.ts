/**
 * The previews that are recorded: what is deployed, and what is then previewed. All are of the shipped stacks, with the
 * real engine and the real providers; only what a setting cannot bring about is done to the program (see program.ts).
 */

export interface Scenario {
  /** Which of the shipped settings files. */
  readonly stack: "dev" | "prod";
  /** What is deployed before: the stack as it is shipped, nothing, or the stack with these edits. @default "shipped" */
  readonly deployed?: "shipped" | "nothing" | Edits;
  /** Settings that the change brings, without `roost:`. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the change does to the program. @default nothing */
  readonly edits?: Edits;
  /** Configuration of the policy pack that judges it. @default none: nothing judges it */
  readonly policies?: object;
}

/** Names of edits in edits.ts. */
export type Edits = readonly string[];

export const scenarios: Readonly<Record<string, Scenario>> = {
  "first-creation": { stack: "dev", deployed: "nothing" },
  "no-change": { stack: "dev" },
  "replica-change": { stack: "prod", edits: ["thirdEdge"] },
  "image-bump": { stack: "dev", edits: ["newWebImage"] },
  "highly-available": { stack: "dev", settings: { availability: "ha" } },
  "database-replaced": { stack: "dev", edits: ["renamedDatabase"] },
  "database-protected": { stack: "prod", edits: ["renamedDatabase"] },
  "policy-opened": { stack: "dev", edits: ["openDatabase", "noDefaultDeny"] },
  "tls-weakened": { stack: "prod", settings: { edge: { exposure: { kind: "loadBalancer" }, tlsMinimum: "1.2" } } },
  "secret-rotated": { stack: "dev", edits: ["newDatabasePassword"] },
  "certificate-renewed": { stack: "dev", deployed: ["dueCertificate"], edits: ["dueCertificate"] },
  "unknown-values": { stack: "dev", edits: ["laterValues"] },
  "500-changes": { stack: "dev", deployed: ["rooms"], edits: ["renamedRooms"] },
  "failure-in-the-middle": { stack: "dev", edits: ["thirdEdge", "brokenHomeserver"] },
  violation: { stack: "dev", edits: ["privilegedWeb"], policies: {} },
  "waived-violation": {
    stack: "dev",
    edits: ["privilegedWeb"],
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
