/** Pure: what was exported, as a page that people read and print. It needs nothing from elsewhere but the files beside it. */
import type { ArchivedEvent } from "../../services/archive/event.ts";

/** An event with its file, where it has one. */
export interface ShownEvent {
  readonly event: ArchivedEvent;
  /** Path of its file beside the page; or why there is none. */
  readonly media?: { readonly path: string } | { readonly missing: string };
}

export interface PageArgs {
  readonly title: string;
  /** What was looked for and when: names and values. */
  readonly facts: readonly (readonly [string, string])[];
  /** In their order. */
  readonly events: readonly ShownEvent[];
}

/** Files that browsers show in the page, and that run nothing. */
const IMAGE = /\.(png|jpe?g|gif|webp)$/i;

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b }
table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }
h2 { margin-top: 2rem; border-bottom: 1px solid #999; overflow-wrap: anywhere }
article { margin: .6rem 0; padding-left: .6rem; border-left: 3px solid #ccc; break-inside: avoid }
article.redacted { border-color: #b00020 } article.edited { border-color: #946200 }
header { color: #555; font-size: 12px } header b { color: #1b1b1b; font-size: 14px }
p { margin: .1rem 0; white-space: pre-wrap; overflow-wrap: anywhere } .note { color: #555; font-size: 12px }
img { max-width: 24rem; max-height: 24rem; display: block; margin: .3rem 0 }
@media print { body { margin: 0; max-width: none } a { color: inherit } }
`;

export function exportPage({ title, facts, events }: PageArgs): string {
  const rooms = Map.groupBy(events, ({ event }) => event.room);
  const rows = facts.map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<table>${rows.join("")}</table>
${[...rooms].map(([room, its]) => roomSection(room, its)).join("\n")}
</body>
</html>
`;
}

/** What has happened to an event later. */
interface Later {
  readonly edits: readonly ArchivedEvent[];
  readonly redactions: readonly ArchivedEvent[];
}

function roomSection(room: string, events: readonly ShownEvent[]): string {
  const all = events.map(({ event }) => event);
  const edits = Map.groupBy(all, ({ replaces = "" }) => replaces);
  const redactions = Map.groupBy(all, ({ redacts = "" }) => redacts);
  const articles = events.map((shown) =>
    article(shown, { edits: edits.get(shown.event.id) ?? [], redactions: redactions.get(shown.event.id) ?? [] }),
  );
  return `<section>\n<h2>${escaped(room)}</h2>\n${articles.join("\n")}\n</section>`;
}

function article({ event, media }: ShownEvent, { edits, redactions }: Later): string {
  const classes = [...(edits.length > 0 ? ["edited"] : []), ...(redactions.length > 0 ? ["redacted"] : [])];
  const lines = [
    `<article id="${escaped(event.id)}"${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}>`,
    `<header><b>${escaped(event.sender)}</b> <time>${escaped(event.time)}</time> ${escaped(textOf(event.type))}</header>`,
    `<p>${escaped(bodyOf(event))}</p>`,
    ...(event.replaces === undefined ? [] : [note("edits", event.replaces)]),
    ...(event.redacts === undefined ? [] : [note("takes back", event.redacts)]),
    ...mediaLines(media),
    ...edits.map((each) => `<p class="note">edited ${escaped(each.time)}: ${escaped(bodyOf(each))}</p>`),
    ...redactions.map(
      (each) => `<p class="note">taken back ${escaped(each.time)} by ${escaped(each.sender)}${reasonOf(each)}</p>`,
    ),
    "</article>",
  ];
  return lines.join("\n");
}

function note(what: string, id: string): string {
  return `<p class="note">${what} <a href="#${escaped(encodeURIComponent(id))}">${escaped(id)}</a></p>`;
}

function mediaLines(media: ShownEvent["media"]): readonly string[] {
  if (media === undefined) return [];
  if ("missing" in media) return [`<p class="note">its file is not in the archive: ${escaped(media.missing)}</p>`];
  const path = escaped(media.path.split("/").map(encodeURIComponent).join("/"));
  const image = IMAGE.test(media.path) ? `<img src="${path}" alt="">` : "";
  return [`<p>${image}<a href="${path}">${escaped(media.path)}</a></p>`];
}

/** What it says to people; of what is encrypted, that it is. */
function bodyOf({ content, type, stateKey, encrypted }: ArchivedEvent): string {
  if (encrypted === true) return "(encrypted: only those in the room can read it)";
  const fields = new Map(Object.entries(typeof content === "object" && content !== null ? content : {}));
  const renewed = fields.get("m.new_content");
  const newer = new Map(Object.entries(typeof renewed === "object" && renewed !== null ? renewed : {}));
  const body = newer.get("body") ?? fields.get("body");
  if (typeof body === "string") return body;
  if (fields.size === 0) return "";
  return [textOf(type), ...(stateKey ? [stateKey] : []), JSON.stringify(content)].join(" ");
}

function reasonOf({ content }: ArchivedEvent): string {
  const reason = new Map(Object.entries(typeof content === "object" && content !== null ? content : {})).get("reason");
  return typeof reason === "string" ? `: ${escaped(reason)}` : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}
