/** HTML in which every text is escaped, unless it was made here. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | false | undefined | readonly Content[];

/** `html\`<p>${text}</p>\`` */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + textOf(contents[index])).join(""));
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(textOf).join("");
  return escaped(`${content}`);
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A sentence of a rule: what stands between backticks is code. */
export function prose(text: string): Html {
  const parts = text.split(/`([^`]+)`/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : chinese(part)))}`;
}

/** Chinese is marked as such, so that it is read aloud and set with the right characters. */
function chinese(text: string): Content {
  return text
    .split(/(\p{Script=Han}[\p{Script=Han}、]*)/u)
    .map((part, index) => (index % 2 === 1 ? html`<span lang="zh-Hans">${part}</span>` : part));
}
