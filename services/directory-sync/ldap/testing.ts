/** An LDAP server that answers as a test says: what real ones do on bad days, and what Active Directory does on good ones. */
import { readFileSync } from "node:fs";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { BerReader } from "ldapts";

export interface SearchSeen {
  readonly base: string;
  /** The whole request, to look for attributes in it. */
  readonly text: string;
  /** Where the last page ended. */
  readonly cookie: string;
}

type Values = readonly (string | Buffer)[];

/** What is sent for one search. */
export interface Answer {
  readonly entries?: readonly { readonly dn: string; readonly attributes: Readonly<Record<string, Values>> }[];
  readonly references?: readonly string[];
  /** @default 0, success */
  readonly code?: number;
  readonly message?: string;
  /** There is another page: what it is asked for with. */
  readonly cookie?: string;
  /** The connection ends instead of the answer's end. */
  readonly cut?: boolean;
}

const OID_PAGED = "1.2.840.113556.1.4.319";

export class ScriptedDirectory {
  readonly url: string;
  /** Searches so far. */
  readonly seen: SearchSeen[] = [];
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.url = `ldaps://localhost:${port}`;
  }

  /** @param folder with `tls.crt` and `tls.key` */
  static async start(folder: string, port: number, answer: (search: SearchSeen) => Answer): Promise<ScriptedDirectory> {
    const tls = { cert: readFileSync(`${folder}/tls.crt`), key: readFileSync(`${folder}/tls.key`) };
    const server = createServer(tls);
    const directory = new ScriptedDirectory(server, port);
    server.on("secureConnection", (socket) => directory.serve(socket, answer));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return directory;
  }

  stop(): void {
    this.server.close();
  }

  private serve(socket: TLSSocket, answer: (search: SearchSeen) => Answer): void {
    socket.on("error", () => undefined);
    let waiting = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (let size = messageSize(waiting); size !== undefined && waiting.length >= size; size = messageSize(waiting)) {
        const message = waiting.subarray(0, size);
        waiting = waiting.subarray(size);
        this.handle(socket, message, answer);
      }
    });
  }

  private handle(socket: TLSSocket, message: Buffer, answer: (search: SearchSeen) => Answer): void {
    const reader = new BerReader(message);
    reader.readSequence();
    const id = reader.readInt() ?? 0;
    const operation = reader.readSequence();
    const send = (tag: number, ...parts: Buffer[]) => socket.write(sequence(integer(id), tlv(tag, ...parts)));
    if (operation === 0x60) send(0x61, enumerated(0), octets(""), octets(""));
    if (operation !== 0x63) return;
    const search = { base: reader.readString() ?? "", text: message.toString("latin1"), cookie: cookieOf(message) };
    this.seen.push(search);
    const { entries = [], references = [], code = 0, message: text = "", cookie, cut } = answer(search);
    for (const { dn, attributes } of entries) {
      const list = Object.entries(attributes).map(([name, values]) =>
        sequence(octets(name), tlv(0x31, ...values.map(octets))),
      );
      send(0x64, octets(dn), sequence(...list));
    }
    if (references.length > 0) send(0x73, ...references.map(octets));
    if (cut) {
      socket.destroy();
      return;
    }
    const page = sequence(octets(OID_PAGED), octets(sequence(integer(0), octets(cookie ?? ""))));
    socket.write(sequence(integer(id), tlv(0x65, enumerated(code), octets(""), octets(text)), tlv(0xa0, page)));
  }
}

/** The value of the control for pages ends the message: its cookie is the last string. */
function cookieOf(message: Buffer): string {
  const at = message.indexOf(OID_PAGED);
  return at < 0 ? "" : (/cookie-\w+$/.exec(message.subarray(at).toString("latin1"))?.[0] ?? "");
}

function messageSize(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes.readUInt8(1);
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  return bytes.length < 2 + count ? undefined : 2 + count + bytes.readUIntBE(2, count);
}

function tlv(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length =
    size < 0x80
      ? [size]
      : size < 0x100
        ? [0x81, size]
        : size < 0x10000
          ? [0x82, size >> 8, size & 0xff]
          : [0x83, size >> 16, (size >> 8) & 0xff, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...contents: Buffer[]) => tlv(0x30, ...contents);
const octets = (value: string | Buffer) => tlv(0x04, Buffer.from(value));
const enumerated = (value: number) => tlv(0x0a, Buffer.from([value]));

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUIntBE(value, 0, 5);
  const start = bytes.findIndex((byte, index) => byte !== 0 || index === 4);
  const rest = bytes.subarray(start);
  return tlv(0x02, rest.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), rest]) : rest);
}
