/** Times as directories write them. Nothing is read into what is none: an error, since it would end an account. */

/**
 * `20270131120000Z`, with or without seconds, fractions and offset.
 * @source https://www.rfc-editor.org/rfc/rfc4517#section-3.3.13
 */
export function generalizedTime(text: string | undefined): Date | undefined {
  if (text === undefined || text === "") return undefined;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?(?:[.,](\d+))?(?:Z|([+-]\d\d)(\d\d)?)$/.exec(text);
  if (match === null) throw new Error(`"${text}" is no time of a directory, such as 20270131120000Z`);
  const [, year, month, day, hour, minute = "00", second = "00", , offsetHour, offsetMinute = "00"] = match;
  const offset = offsetHour === undefined ? "Z" : `${offsetHour}:${offsetMinute}`;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  if (Number.isNaN(time.getTime())) throw new Error(`"${text}" is no time that there is`);
  return time;
}

const NEVER = new Set(["0", "9223372036854775807"]);
/** From 1601, where Windows' time begins, to 1970, in milliseconds. */
const EPOCH_MS = 11_644_473_600_000n;

/** Steps of 100 ns since 1601; 0 and the largest number mean never. */
export function fileTime(text: string | undefined): Date | undefined {
  if (text === undefined || text === "" || NEVER.has(text)) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`"${text}" is no time of Active Directory: a number of 100 ns since 1601`);
  return new Date(Number(BigInt(text) / 10_000n - EPOCH_MS));
}
