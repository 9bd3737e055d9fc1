/**
 * Stands for `@platformatic/wasm-utils` in Kafka's client: its WebAssembly would be 76 kB of what nobody can tell from a key. Checksums
 * are computed in JavaScript; records are compressed with what Node.js has (gzip, zstd), which topics of such readers must ask for.
 */
import { jsCRC32C } from "@platformatic/kafka";

// A declaration, which is there before the client asks for it while it loads.
export function crc32c(data: Parameters<typeof jsCRC32C>[0]): number {
  return jsCRC32C(data);
}

function absent(): never {
  throw new Error("lz4 and snappy cannot be read here; allowed: gzip, zstd; set the topic's compression.type");
}

export const lz4Compress = absent;
export const lz4Decompress = absent;
export const snappyCompress = absent;
export const snappyDecompress = absent;
