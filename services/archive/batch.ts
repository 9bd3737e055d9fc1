/** Pure: events of a partition that are not written yet. */
import { eventIn, lineOf } from "./event.ts";

export interface LogRecord {
  readonly offset: number;
  /** When Kafka was given it, in milliseconds since 1970. */
  readonly timestampMs: number;
  readonly value: string | null;
}

/** A sequence of records without holes. */
export class Batch {
  readonly firstOffset: number;
  /** When it was begun, by a clock that only goes forward, in milliseconds. */
  readonly begunMs: number;
  /** Oldest of what is in it, in milliseconds since 1970. */
  oldestMs = Number.POSITIVE_INFINITY;
  readonly lines: string[] = [];
  bytes = 0;
  /** What is no event. */
  others = 0;
  firstTime: string | undefined;
  lastTime: string | undefined;
  private readonly urls = new Set<string>();

  constructor(firstOffset: number, begunMs: number) {
    this.firstOffset = firstOffset;
    this.begunMs = begunMs;
  }

  get nextOffset(): number {
    return this.firstOffset + this.lines.length;
  }

  /** Files of its events. */
  get media(): readonly string[] {
    return [...this.urls];
  }

  /** @throws Error where the record does not follow */
  add({ offset, timestampMs, value }: LogRecord): void {
    if (offset !== this.nextOffset) throw new Error(`offset ${offset} does not follow on ${this.nextOffset - 1}`);
    const line = lineOf(value);
    this.lines.push(line);
    this.bytes += line.length;
    this.oldestMs = Math.min(this.oldestMs, timestampMs);
    const event = eventIn(line);
    if (event === undefined) {
      this.others += 1;
      return;
    }
    if (this.firstTime === undefined || event.time < this.firstTime) this.firstTime = event.time;
    if (this.lastTime === undefined || event.time > this.lastTime) this.lastTime = event.time;
    if (event.media !== undefined) this.urls.add(event.media.url);
  }
}
