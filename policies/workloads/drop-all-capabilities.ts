import { containerRule } from "../pack/rule.ts";

export const dropAllCapabilities = containerRule({
  id: "workloads-drop-all-capabilities",
  title: "Every container drops all capabilities",
  why: "Container runtimes give about a dozen capabilities unasked, among them NET_RAW, with which a pod forges packets. What a service needs of them is hardly ever more than none.",
  fix: 'Set `capabilities: { drop: ["ALL"] }` in the container\'s securityContext.',
  severity: "high",
  controls: { cis: ["5.2.8", "5.2.9"], nsa: ["pods/enforcement"], iso: ["A.8.2", "A.8.27"] },
  check(container, report) {
    const { drop = [] } = container.securityContext?.capabilities ?? {};
    if (!drop.includes("ALL")) report(drop.length === 0 ? "drops no capabilities" : `drops only ${drop.join(", ")}`);
  },
});
