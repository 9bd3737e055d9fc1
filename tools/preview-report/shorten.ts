/** A document that is never longer than it may be: what matters least goes first, and it says what went. */

/** Items of lower numbers stay longer. */
export interface Item {
  readonly importance: number;
  readonly markdown: string;
  /** A heading below the section's; items of one group stand together. */
  readonly group?: string;
}

export interface Section {
  /** Markdown before the first item; left out together with the items. */
  readonly begin: string;
  readonly items: readonly Item[];
  /** Markdown after the last item. */
  readonly end?: string;
  /** What an item is called: "12 more changes are left out". */
  readonly itemsAreCalled: string;
}

export interface Document {
  /** Stands always. */
  readonly head: string;
  readonly sections: readonly Section[];
  /** Stands always. */
  readonly foot: string;
}

/**
 * The document as Markdown. Nothing that is left out matters more than anything that stays.
 *
 * @param limit the most characters, counted as UTF-16 units, which is never less than what GitHub counts
 * @throws Error when the limit does not even hold head and foot
 */
export function shortened(document: Document, limit: number): string {
  const all = document.sections.flatMap(({ items }) => items);
  const whole = render(document, new Set(all));
  if (whole.length <= limit) return whole;
  const order = all.toSorted((one, other) => one.importance - other.importance);
  // By halving: as long a beginning of the order as fits, give or take the notes on what is left out.
  let [fitting, tooMany] = [0, order.length];
  if (render(document, new Set()).length > limit)
    throw new Error(`The limit of ${limit} characters is too low for a report`);
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (render(document, new Set(order.slice(0, middle))).length <= limit) fitting = middle;
    else tooMany = middle;
  }
  return render(document, new Set(order.slice(0, fitting)));
}

function render({ head, sections, foot }: Document, kept: ReadonlySet<Item>): string {
  return [head, ...sections.flatMap((section) => renderSection(section, kept)), foot].join("\n\n");
}

function renderSection({ begin, items, end, itemsAreCalled }: Section, kept: ReadonlySet<Item>): string[] {
  if (items.length === 0) return [];
  const here = items.filter((item) => kept.has(item));
  const left = items.length - here.length;
  const note =
    left === 0
      ? []
      : [`_${here.length === 0 ? left : `${left} more`} ${itemsAreCalled} left out: the report would be too long._`];
  if (here.length === 0) return note;
  return [begin, ...grouped(here), ...note, ...(end === undefined ? [] : [end])];
}

/** Items of a list stand line below line, blocks apart from each other. */
function grouped(items: readonly Item[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { group = "", markdown } of items) groups.set(group, [...(groups.get(group) ?? []), markdown]);
  return [...groups].flatMap(([group, lines]) => {
    const isList = lines.every((line) => line.startsWith("- "));
    return [...(group === "" ? [] : [group]), lines.join(isList ? "\n" : "\n\n")];
  });
}
