/** What people are told of the archive: a page of the web client's site, linked from its sign-in and its help. */
/** What an archive holds: who, where, when and ciphertext; or what people write. */
export type ArchiveMode = "confidential" | "compliance";

export interface ArchiveNotice {
  readonly mode: ArchiveMode;
  /** How long it is kept, in days. */
  readonly days: number | "forever";
}

/** Path of the page on the web client's site. */
export const archiveNoticePath = "/archive.html";
/** What the link to it says. */
export const archiveNoticeTitle = "What is kept of what you write";

/** Whether no room may become encrypted. */
export function keepsReadable({ archive }: { readonly archive?: ArchiveNotice | undefined }): boolean {
  return archive?.mode === "compliance";
}

const sentences: Readonly<Record<ArchiveMode, readonly string[]>> = {
  confidential: [
    "Rooms are end-to-end encrypted. Nobody but those in a room can read what is written in it: neither the administrators nor the auditors.",
    "An archive keeps who has written when, in which room, and to whom; of messages and files it holds ciphertext alone.",
    "In a room that was made without encryption, or before this was chosen, the archive holds what is written.",
  ],
  compliance: [
    "Rooms are not end-to-end encrypted. An archive keeps every message and every file, who has sent it, when, and in which room.",
    "What you edit or remove afterwards stays in the archive, in all its versions.",
    "Auditors of your organisation may read it. Of rooms that were encrypted before this was chosen it holds ciphertext alone.",
  ],
};

/** Pure: the page, which loads nothing. @param domain as people's identifiers end */
export function archiveNoticePage({ mode, days }: ArchiveNotice, domain: string): string {
  const kept =
    days === "forever"
      ? "It is kept without an end."
      : `It is kept for ${days} days, longer where the law asks for it.`;
  const paragraphs = [...sentences[mode], kept].map((sentence) => `<p>${sentence}</p>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${archiveNoticeTitle}</title>
<style>body { font: 1.1rem/1.5 sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>${archiveNoticeTitle}</h1>
<p><strong>${domain}: ${mode}</strong></p>
${paragraphs}
</body>
</html>
`;
}
