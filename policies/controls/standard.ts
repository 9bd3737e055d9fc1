/** A standard that auditors use, and the controls of it that rules may answer. */
export interface Standard {
  readonly title: string;
  /** The edition that the numbers belong to: they move between editions. */
  readonly version: string;
  /** The public page of the standard. */
  readonly source: string;
  /** What each control asks, in our words, by the number that the standard gives it. */
  readonly controls: Readonly<Record<string, string>>;
}
