/**
 * Exactly one process acts. A Lease of Kubernetes says which, as the cluster's own controllers do it; besides, a new
 * leader ends its predecessor's session at the homeserver, so that one that was paused and wakes up can do nothing.
 * @source https://kubernetes.io/docs/concepts/architecture/leases/
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { z } from "zod";
import { requestJson } from "../runtime/http-json.ts";
import { type Log, messageOf } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import { NotLeaderError } from "./matrix/homeserver.ts";

export interface LeaseSettings {
  /** Of the Kubernetes API: `https://kubernetes.default.svc`. */
  readonly url: string;
  readonly namespace: string;
  readonly name: string;
  readonly tokenFile: string;
  readonly caFile: string;
}

export interface Leadership {
  /** @throws NotLeaderError unless this process is the leader, and will be for a while */
  mayAct(): void;
  /** Fingerprint of the leavers that an operator allows: an annotation of the Lease. */
  approval(): string | undefined;
  /**
   * Leads whenever it is this process' turn, until the signal.
   * @param lead is given a signal that says that another may take over
   */
  run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Annotation of the Lease with which an operator allows leavers: `kubectl annotate lease directory-sync …=<fingerprint>`. */
export const APPROVAL = "roost/allow-leavers";

/** Times of client-go's defaults, doubled: a slow API server is no reason to change leaders. */
export const times = { durationMs: 30_000, renewDeadlineMs: 20_000, retryMs: 4_000 } as const;

const leaseSchema = z.looseObject({
  metadata: z.looseObject({
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z
    .looseObject({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
    })
    .default({}),
});
type Lease = z.output<typeof leaseSchema>;

/** Reads and replaces the Lease. @returns nothing when somebody else was faster */
export interface LeaseApi {
  read(): Promise<Lease>;
  replace(lease: Lease): Promise<Lease | undefined>;
}

export function leaseApi({ url, namespace, name, tokenFile, caFile }: LeaseSettings): LeaseApi {
  const path = `${url}/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
  const agent = new Agent({ keepAlive: true, ca: readFileSync(caFile) });
  const call = async (method: string, body?: unknown) => {
    // The token is renewed in its file while the process runs.
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` };
    return requestJson({ method, url: path, agent, headers, timeoutMs: 5_000, ...(body !== undefined && { body }) });
  };
  return {
    async read() {
      const { status, body } = await call("GET");
      if (status !== 200) throw new Error(`the Lease ${namespace}/${name} cannot be read: ${status}`);
      return leaseSchema.parse(body);
    },
    async replace(lease) {
      const { status, body } = await call("PUT", lease);
      if (status === 409) return undefined;
      if (status !== 200) throw new Error(`the Lease ${namespace}/${name} cannot be written: ${status}`);
      return leaseSchema.parse(body);
    },
  };
}

/** Leadership by a Lease. Times are measured by this process' own clock only; clocks of machines may differ. */
export class LeaseLeadership implements Leadership {
  private readonly api: LeaseApi;
  private readonly identity: string;
  private readonly log: Log;
  private readonly now: () => number;
  private heldUntil = 0;
  private seen: { readonly version: string; readonly at: number } | undefined;
  private allowed: string | undefined;

  constructor(api: LeaseApi, identity: string, log: Log, now: () => number = () => performance.now()) {
    this.api = api;
    this.identity = identity;
    this.log = log;
    this.now = now;
  }

  mayAct(): void {
    if (this.now() >= this.heldUntil)
      throw new NotLeaderError("the Lease was not renewed in time: another may lead by now");
  }

  get isLeading(): boolean {
    return this.now() < this.heldUntil;
  }

  approval(): string | undefined {
    return this.allowed;
  }

  async run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.tryOnce()) await this.leadWhileHeld(lead, signal);
      else await pause(times.retryMs, signal);
    }
  }

  /** Takes or renews the Lease if that is possible. @returns whether this process leads */
  async tryOnce(): Promise<boolean> {
    const started = this.now();
    try {
      const lease = await this.api.read();
      this.allowed = lease.metadata.annotations?.[APPROVAL];
      if (this.seen?.version !== lease.metadata.resourceVersion)
        this.seen = { version: lease.metadata.resourceVersion, at: this.now() };
      const holder = lease.spec.holderIdentity ?? "";
      const own = holder === this.identity;
      const free = holder === "" || this.now() - this.seen.at > times.durationMs;
      if (!own && !free) return false;
      const replaced = await this.api.replace(this.claimed(lease, own));
      if (replaced === undefined) return false;
      this.seen = { version: replaced.metadata.resourceVersion, at: this.now() };
      // From before the request was sent: others count from after they have seen it.
      this.heldUntil = started + times.renewDeadlineMs;
      return true;
    } catch (error) {
      this.log.warn("the Lease could not be renewed", { error: messageOf(error) });
      return this.now() < this.heldUntil;
    }
  }

  private claimed(lease: Lease, own: boolean): Lease {
    const time = new Date().toISOString().replace("Z", "000Z");
    const spec = {
      ...lease.spec,
      holderIdentity: this.identity,
      leaseDurationSeconds: times.durationMs / 1000,
      renewTime: time,
      ...(!own && { acquireTime: time, leaseTransitions: (lease.spec.leaseTransitions ?? 0) + 1 }),
    };
    return { ...lease, spec };
  }

  private async leadWhileHeld(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.log.info("leading", { identity: this.identity });
    const lost = new AbortController();
    const renewal = (async () => {
      while (!lost.signal.aborted) {
        await pause(times.retryMs, lost.signal);
        if (!lost.signal.aborted && !(await this.tryOnce())) lost.abort();
      }
    })();
    try {
      await lead(AbortSignal.any([signal, lost.signal]));
    } finally {
      lost.abort();
      await renewal;
      await this.release();
      this.log.info("no longer leading", { identity: this.identity });
    }
  }

  /** Lets the next one lead at once. */
  private async release(): Promise<void> {
    this.heldUntil = 0;
    try {
      const lease = await this.api.read();
      if (lease.spec.holderIdentity !== this.identity) return;
      await this.api.replace({ ...lease, spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 } });
    } catch (error) {
      this.log.warn("the Lease could not be released", { error: messageOf(error) });
    }
  }
}
