/** Runs a preview with Pulumi's engine and gives its event stream. */
import { spawn } from "node:child_process";

export interface PreviewOptions {
  readonly stack: string;
  readonly policyPacks?: readonly string[];
  readonly policyPackConfigs?: readonly string[];
}

/** Makes the engine print its events as they come, those of policies too, instead of one document. */
export const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" } as const;

/**
 * What the engine printed, whether the preview succeeded or not: a failure is in the events too.
 *
 * @throws Error with what the engine said when it did not even begin, for example for a stack that does not exist
 */
export async function previewEvents(options: PreviewOptions): Promise<string> {
  const child = spawn("pulumi", previewArguments(options), {
    env: { ...process.env, ...STREAMING },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  await new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new Error(`pulumi cannot be run: ${error.message}. Use bootstrap/run, which brings it.`)),
    );
    child.on("close", resolve);
  });
  const events = Buffer.concat(stdout).toString();
  if (events.trim() === "")
    throw new Error(`There was no preview. Pulumi says: ${Buffer.concat(stderr).toString().trim()}`);
  return events;
}

export function previewArguments({ stack, policyPacks = [], policyPackConfigs = [] }: PreviewOptions): string[] {
  return [
    ...["preview", "--json", "--non-interactive", "--color", "never", "--stack", stack],
    ...policyPacks.flatMap((folder) => ["--policy-pack", folder]),
    ...policyPackConfigs.flatMap((file) => ["--policy-pack-config", file]),
  ];
}
