/** Stands for packages of Kafka's client that only reading and writing records needs, which no service does. */
export default undefined;
export const crc32c = undefined;
export const lz4Compress = undefined;
export const lz4Decompress = undefined;
export const snappyCompress = undefined;
export const snappyDecompress = undefined;
