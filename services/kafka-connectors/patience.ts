/** How long what fails again and again is waited for before it is restarted: each time twice as long. */
export class Patience {
  private readonly firstMs: number;
  private readonly mostMs: number;
  private readonly waits = new Map<string, { readonly since: number; readonly ms: number }>();

  constructor({ firstSeconds, mostSeconds }: { readonly firstSeconds: number; readonly mostSeconds: number }) {
    this.firstMs = firstSeconds * 1000;
    this.mostMs = mostSeconds * 1000;
  }

  /**
   * Whether it may be restarted now; then the next time takes longer. What has run for long enough after its last restart begins anew.
   *
   * @param now in milliseconds, of a clock that only goes forward
   */
  isOver(name: string, now: number): boolean {
    const wait = this.waits.get(name);
    const fresh = wait === undefined || now - wait.since > wait.ms + 2 * this.mostMs;
    if (!fresh && now - wait.since < wait.ms) return false;
    this.waits.set(name, { since: now, ms: fresh ? this.firstMs : Math.min(wait.ms * 2, this.mostMs) });
    return true;
  }
}
