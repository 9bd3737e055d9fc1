import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./pack/pulumi.ts";
import { rules } from "./rules.ts";

new PolicyPack("roost", { enforcementLevel: "mandatory", policies: policiesOf(rules) });
