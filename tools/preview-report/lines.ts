/** Lines that one text has and the other has not. */
export interface LineDifferences {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Both, in their order, marked "+", "-" or " ", with some lines around them. */
  readonly diff: readonly string[];
}

/** Above it, lines are compared without their order: it would take too long. */
const MAX_CELLS = 4_000_000;

const AROUND = 2;

export function lineDifferences(before: string, after: string): LineDifferences {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const head = commonHead(old, now);
  const tail = commonHead(old.slice(head).reverse(), now.slice(head).reverse());
  const middle = compared(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const context = (lines: readonly string[]) => lines.map((line) => ` ${line}`);
  const around = [
    ...context(now.slice(Math.max(0, head - AROUND), head)),
    ...middle,
    ...context(now.slice(now.length - tail, now.length - tail + AROUND)),
  ];
  const marked = (mark: string) => middle.filter((line) => line.startsWith(mark)).map((line) => line.slice(1));
  return { added: marked("+"), removed: marked("-"), diff: withoutFarLines(around) };
}

function commonHead(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((line, index) => line !== other[index]);
  return end < 0 ? one.length : end;
}

/** By the longest common subsequence of lines. */
function compared(old: readonly string[], now: readonly string[]): string[] {
  if (old.length * now.length > MAX_CELLS) return byContent(old, now);
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  const length = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    const here = lengths[row] ?? new Uint32Array();
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const isSame = old[row] === now[column];
      here[column] = isSame
        ? length(row + 1, column + 1) + 1
        : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    if (row < old.length && column < now.length && old[row] === now[column]) {
      lines.push(` ${old[row]}`);
      [row, column] = [row + 1, column + 1];
    } else if (column >= now.length || (row < old.length && length(row + 1, column) >= length(row, column + 1))) {
      lines.push(`-${old[row]}`);
      row += 1;
    } else {
      lines.push(`+${now[column]}`);
      column += 1;
    }
  }
  return lines;
}

function byContent(old: readonly string[], now: readonly string[]): string[] {
  const [olds, nows] = [new Set(old), new Set(now)];
  return [
    ...old.filter((line) => !nows.has(line)).map((line) => `-${line}`),
    ...now.filter((line) => !olds.has(line)).map((line) => `+${line}`),
  ];
}

function withoutFarLines(lines: readonly string[]): string[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => !line.startsWith(" "));
  return lines.filter((_line, index) => isNear(index));
}
