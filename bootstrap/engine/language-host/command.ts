/** Which Node process runs a program, a plugin or a policy pack: pure, from what the engine asks for. */

/** Options below `runtime` in Pulumi.yaml. */
export interface RuntimeOptions {
  /**
   * Whether TypeScript goes through ts-node. Node runs TypeScript by itself when its types can be erased, and starts
   * faster that way, so this project says `false`. @default true, as everywhere in Pulumi
   */
  readonly typescript: boolean;
  /** Arguments for Node itself, such as `--max-old-space-size=4096`. @default none */
  readonly nodeArguments: readonly string[];
}

export function runtimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const nodeArguments = options.nodeargs;
  return {
    typescript: options.typescript !== false && options.typescript !== "false",
    nodeArguments: typeof nodeArguments === "string" ? nodeArguments.split(/\s+/).filter((part) => part !== "") : [],
  };
}

/** What the engine says when it asks for a program to be run. */
export interface ProgramRequest {
  readonly monitor: string;
  readonly engine: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootFolder: string;
  /** Where the program starts; empty means where the host was started. */
  readonly workingFolder: string;
  /** How many resource operations run side by side. */
  readonly parallel: number;
  readonly dryRun: boolean;
  /** An endpoint that takes traces; empty means none. */
  readonly tracing: string;
  readonly entryPoint: string;
  readonly args: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
}

/** Arguments of the SDK's `cmd/run`. */
export function programArguments(request: ProgramRequest): string[] {
  return [
    ["--monitor", request.monitor],
    ["--engine", request.engine],
    ["--organization", request.organization],
    ["--project", request.project],
    ["--root-directory", request.rootFolder],
    ["--stack", request.stack],
    ["--pwd", request.workingFolder],
    ["--parallel", String(request.parallel)],
    ["--tracing", request.tracing],
  ]
    .filter(([, value]) => value !== "")
    .flat()
    .concat(request.dryRun ? ["--dry-run"] : [], request.entryPoint, request.args);
}

/** What the SDK reads from the environment. */
export function programEnvironment(request: ProgramRequest, options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(request.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
  };
}

/** How a program ended, as the engine wants to know it. */
export interface Outcome {
  /** What is shown to the user; empty when there is nothing to add to what was shown already. */
  readonly error: string;
  /** The program has told the user what is wrong. */
  readonly bail: boolean;
}

/** The code with which the SDK ends after it has shown an error. */
const shownAlready = 32;

export function outcome(code: number | null, signal: string | null): Outcome {
  if (code === 0) return { error: "", bail: false };
  if (code === shownAlready) return { error: "", bail: true };
  return {
    error: signal === null ? `the program exited with code ${code}` : `the program was ended by signal ${signal}`,
    bail: false,
  };
}

/** The stack that a policy pack looks at. */
export interface StackRequest {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly dryRun: boolean;
  readonly config: Readonly<Record<string, string>>;
}

/** What `@pulumi/policy` reads from the environment. */
export function policyPackEnvironment(request: StackRequest): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(request.config),
    PULUMI_NODEJS_ORGANIZATION: request.organization,
    PULUMI_NODEJS_PROJECT: request.project,
    PULUMI_NODEJS_STACK: request.stack,
    PULUMI_NODEJS_DRY_RUN: String(request.dryRun),
    PULUMI_ORGANIZATION: request.organization,
    PULUMI_PROJECT: request.project,
    PULUMI_STACK: request.stack,
    PULUMI_DRY_RUN: String(request.dryRun),
  };
}

/** `["A=1"]` as the engine sends an environment, as an object. */
export function environmentOf(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const end = entry.indexOf("=");
      return end < 0 ? [entry, ""] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}
