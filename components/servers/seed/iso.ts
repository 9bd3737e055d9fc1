/** Bytes of a sector. */
const SECTOR = 2048;
/** Sectors before the first descriptor, which nobody reads. */
const SYSTEM_SECTORS = 16;

/** A name in one of the two directories that an image has. */
type Encode = (name: string) => Buffer;

/**
 * A CD image with a label and files, the same bytes for the same files: it has no times and no random numbers. Names are read
 * through Joliet, as Linux and all installers do; there are no folders, since no seed has any.
 * @source https://wiki.osdev.org/ISO_9660 (ECMA-119), https://pismotec.com/cfs/jolspec.html
 * @throws Error when a name or the label cannot be written
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Buffer {
  if (!/^[A-Za-z0-9_]{1,16}$/.test(label)) throw new Error(`${label} is no label: at most 16 letters, digits and _`);
  const names = Object.keys(files).sort();
  for (const name of names)
    if (!/^[\w.-]{1,60}$/.test(name)) throw new Error(`${name} is no name: at most 60 letters, digits and . _ -`);
  const contents = names.map((name) => Buffer.from(files[name] ?? "", "utf8"));

  const directories = [plainName, jolietName].map((encode) => ({ encode, sectors: directorySectors(names, encode) }));
  // Descriptors, then the path tables of both directories in both byte orders, then directories, then files.
  let next = SYSTEM_SECTORS + 3;
  const place = (sectors: number) => {
    const at = next;
    next += sectors;
    return at;
  };
  const tables = directories.map(() => ({ little: place(1), big: place(1) }));
  const roots = directories.map(({ sectors }) => place(sectors));
  const starts = contents.map((content) => place(sectorsOf(content.length)));

  const image = Buffer.alloc(next * SECTOR);
  directories.forEach(({ encode, sectors }, at) => {
    const root = { sector: roots[at] ?? 0, bytes: sectors * SECTOR };
    const table = tables[at] ?? { little: 0, big: 0 };
    volumeDescriptor({ label, joliet: at === 1, sectors: next, table, root }).copy(
      image,
      (SYSTEM_SECTORS + at) * SECTOR,
    );
    pathTable(root.sector, "little").copy(image, table.little * SECTOR);
    pathTable(root.sector, "big").copy(image, table.big * SECTOR);
    const entries = names.map((name, file) =>
      record(encode(name), { sector: starts[file] ?? 0, bytes: contents[file]?.length ?? 0 }, false),
    );
    directory([...ownRecords(root), ...entries]).copy(image, root.sector * SECTOR);
  });
  terminator().copy(image, (SYSTEM_SECTORS + 2) * SECTOR);
  contents.forEach((content, file) => {
    content.copy(image, (starts[file] ?? 0) * SECTOR);
  });
  return image;
}

interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

/** As old readers want it: capitals, and a version. */
function plainName(name: string): Buffer {
  return Buffer.from(`${name.toUpperCase().replace(/[^A-Z0-9_.]/g, "_")};1`, "latin1");
}

function jolietName(name: string): Buffer {
  return bigEndianText(name);
}

function bigEndianText(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / SECTOR);
}

/** The directory itself, and what lies above it: in the root, itself again. */
function ownRecords(root: Extent): readonly Buffer[] {
  return [record(Buffer.from([0]), root, true), record(Buffer.from([1]), root, true)];
}

function directorySectors(names: readonly string[], encode: Encode): number {
  const nowhere = { sector: 0, bytes: 0 };
  return sectorsOf(
    directory([...ownRecords(nowhere), ...names.map((name) => record(encode(name), nowhere, false))]).length,
  );
}

/** Records one after another; none goes across a sector's end. */
function directory(records: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (const each of records) {
    const left = SECTOR - (length % SECTOR);
    const gap = each.length > left ? left : 0;
    parts.push(Buffer.alloc(gap), each);
    length += gap + each.length;
  }
  return Buffer.concat([...parts, Buffer.alloc(sectorsOf(length) * SECTOR - length)]);
}

/** 1 January 2000: the format knows no "never". */
const DATE = Buffer.from([100, 1, 1, 0, 0, 0, 0]);
const IS_DIRECTORY = 2;

function record(name: Buffer, { sector, bytes }: Extent, isDirectory: boolean): Buffer {
  const length = 33 + name.length;
  const entry = Buffer.alloc(length + (length % 2));
  entry.writeUInt8(entry.length, 0);
  bothEndian32(entry, sector, 2);
  bothEndian32(entry, bytes, 10);
  DATE.copy(entry, 18);
  entry.writeUInt8(isDirectory ? IS_DIRECTORY : 0, 25);
  bothEndian16(entry, 1, 28);
  entry.writeUInt8(name.length, 32);
  name.copy(entry, 33);
  return entry;
}

/** The root alone. */
function pathTable(sector: number, order: "little" | "big"): Buffer {
  const table = Buffer.alloc(PATH_TABLE_BYTES);
  table.writeUInt8(1, 0);
  if (order === "little") {
    table.writeUInt32LE(sector, 2);
    table.writeUInt16LE(1, 6);
  } else {
    table.writeUInt32BE(sector, 2);
    table.writeUInt16BE(1, 6);
  }
  return table;
}

const PATH_TABLE_BYTES = 10;

interface Volume {
  readonly label: string;
  readonly joliet: boolean;
  readonly sectors: number;
  readonly table: { readonly little: number; readonly big: number };
  readonly root: Extent;
}

function volumeDescriptor({ label, joliet, sectors, table, root }: Volume): Buffer {
  const block = Buffer.alloc(SECTOR);
  block.writeUInt8(joliet ? 2 : 1, 0);
  block.write("CD001\x01", 1, "latin1");
  const text = (value: string, at: number, length: number) =>
    (joliet ? bigEndianText(value.padEnd(length / 2)) : Buffer.from(value.padEnd(length), "latin1")).copy(block, at);
  text("", 8, 32);
  text(label, 40, 32);
  bothEndian32(block, sectors, 80);
  // Says that names are in UCS-2, level 3.
  if (joliet) block.write("%/E", 88, "latin1");
  for (const at of [120, 124]) bothEndian16(block, 1, at);
  bothEndian16(block, SECTOR, 128);
  bothEndian32(block, PATH_TABLE_BYTES, 132);
  block.writeUInt32LE(table.little, 140);
  block.writeUInt32BE(table.big, 148);
  record(Buffer.from([0]), root, true).copy(block, 156);
  for (const at of [190, 318, 446, 574]) text("", at, 128);
  for (const at of [702, 739, 776]) text("", at, 36);
  // Made, changed, expires, effective: none of them said.
  for (const at of [813, 830, 847, 864]) block.write("0".repeat(16), at, "latin1");
  block.writeUInt8(1, 881);
  return block;
}

function terminator(): Buffer {
  const block = Buffer.alloc(SECTOR);
  block.write("\xffCD001\x01", 0, "latin1");
  return block;
}

function bothEndian16(target: Buffer, value: number, at: number): void {
  target.writeUInt16LE(value, at);
  target.writeUInt16BE(value, at + 2);
}

function bothEndian32(target: Buffer, value: number, at: number): void {
  target.writeUInt32LE(value, at);
  target.writeUInt32BE(value, at + 4);
}
