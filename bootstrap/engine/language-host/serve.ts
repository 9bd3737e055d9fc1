import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Sdk } from "./sdk.ts";

/** Messages hold whole stacks: as much as the engine itself allows, in bytes. */
export const messageSize = 400 * 1024 * 1024;

/**
 * Serves on a free port of the loopback interface, says which on standard output, as the engine expects of a plugin,
 * and ends this process when standard input ends: then the engine is gone.
 */
export async function serve(
  sdk: Sdk,
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<void> {
  const server = new sdk.grpc.Server({
    "grpc.max_receive_message_length": messageSize,
    "grpc.max_send_message_length": messageSize,
  });
  server.addService(service, implementation);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  process.stdout.write(`${await promise}\n`);
  process.stdin.on("end", () => process.exit(0)).resume();
}
