/** A time server for guests, that tells them this machine's own time: `node time-server.ts <address>`. */
import { createSocket } from "node:dgram";

/** Seconds from 1900, where NTP begins to count, to 1970. */
const EPOCH_SECONDS = 2_208_988_800;
const PACKET_BYTES = 48;

const [, , address] = process.argv;
const socket = createSocket("udp4");

/**
 * Answers with the clock of a server of stratum 1: https://www.rfc-editor.org/rfc/rfc5905#section-7.3
 */
socket.on("message", (request, client) => {
  const received = Date.now();
  const answer = Buffer.alloc(PACKET_BYTES);
  // No leap second, version 4, a server; stratum 1; the client's own interval; a precision of a millisecond (2^-10 s).
  answer.writeUInt8(0b00_100_100, 0);
  answer.writeUInt8(1, 1);
  request.copy(answer, 2, 2, 3);
  answer.writeInt8(-10, 3);
  answer.write("LOCL", 12);
  writeTime(answer, 16, received);
  // What the client sent as its own time comes back as the origin.
  request.copy(answer, 24, 40, 48);
  writeTime(answer, 32, received);
  writeTime(answer, 40, Date.now());
  socket.send(answer, client.port, client.address);
});

function writeTime(packet: Buffer, offset: number, milliseconds: number): void {
  packet.writeUInt32BE(Math.floor(milliseconds / 1000) + EPOCH_SECONDS, offset);
  packet.writeUInt32BE(Math.floor(((milliseconds % 1000) / 1000) * 2 ** 32), offset + 4);
}

socket.bind(123, address);
