/** Checkov, a scanner that knows nothing of this project, and what is answered to it. */
import { join } from "node:path";
import { z } from "zod";
import { PYTHON, pythonPackages } from "../../bootstrap/python.ts";
import { attempt } from "../cluster/command.ts";

export interface FailedCheck {
  /** For example `CKV_K8S_11`. */
  readonly id: string;
  readonly title: string;
  /** Kind, namespace and name of the object, with dots between them. */
  readonly resource: string;
}

interface Waiver {
  readonly check: string;
  readonly resource: RegExp;
  readonly reason: string;
}

/** Failed checks that are meant to be so, each with the reason. One that answers nothing is a mistake of its own. */
export const waivers: readonly Waiver[] = [
  {
    check: "CKV_K8S_11",
    resource: /./,
    reason:
      "No container has a limit for processors: it would be throttled while others idle. Shares are guaranteed by requests, and memory is limited.",
  },
  {
    check: "CKV_K8S_40",
    resource:
      /^(StatefulSet\.roost\.synapse|Job\.roost\.synapse-(administrator|probe-a|probe-b)|Deployment\.roost\.(edge|web))$/,
    reason:
      "User ids are those of the upstream images, which the manifests must fit too (synapse 991, haproxy 99, nginx 101). No container shares users with its node.",
  },
  {
    check: "CKV_K8S_38",
    resource:
      /^(Deployment\.cnpg-system\.cloudnative-pg|Deployment\.roost\.kube-state-metrics|StatefulSet\.roost\.prometheus)$/,
    reason: "They work with the Kubernetes API: that is what the token is for.",
  },
];

const report = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })),
  }),
  summary: z.object({ passed: z.number(), parsing_errors: z.number() }),
});

export interface Scan {
  readonly passed: number;
  readonly failed: readonly FailedCheck[];
}

/** Looks at all manifests in a folder. */
export async function scan(folder: string): Promise<Scan> {
  const packages = await pythonPackages("checkov", join(__dirname, "checkov.lock"));
  // Without the download it takes its checks from the package alone. It says by its exit code that checks failed.
  const options = ["--framework", "kubernetes", "--output", "json", "--compact", "--quiet", "--skip-download"];
  const { stdout, stderr } = await attempt(PYTHON, ["-m", "checkov.main", "--directory", folder, ...options], {
    env: { PYTHONPATH: packages },
  });
  const parsed = report.safeParse(stdout === "" ? undefined : JSON.parse(stdout));
  if (!parsed.success) throw new Error(`checkov gave no report on ${folder}: ${stderr.slice(-2000)}`);
  const { results, summary } = parsed.data;
  if (summary.parsing_errors > 0)
    throw new Error(`checkov could not read ${summary.parsing_errors} files of ${folder}`);
  return {
    passed: summary.passed,
    failed: results.failed_checks.map(({ check_id: id, check_name: title, resource }) => ({ id, title, resource })),
  };
}

/** Whether the waiver answers the failed check. */
export function answers({ check, resource }: Waiver, failed: FailedCheck): boolean {
  return check === failed.id && resource.test(failed.resource);
}
