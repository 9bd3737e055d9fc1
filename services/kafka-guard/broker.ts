import { connect } from "node:net";
import { Connection, metadataV12 } from "@platformatic/kafka";
import { nodeId, objects } from "../../components/kafka/names.ts";
import type { ClusterView } from "./judge.ts";

export interface BrokerArgs {
  /** Name of the broker's pod. */
  readonly pod: string;
  readonly namespace: string;
  readonly brokerPort: number;
  /** @default "127.0.0.1" */
  readonly address?: string;
  readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

/** The broker of the same pod: it alone is asked, since what it says is what it knows. */
export class Broker {
  readonly node: number;
  private readonly args: Required<BrokerArgs>;
  private connection: Promise<Connection> | undefined;

  constructor(args: BrokerArgs) {
    this.args = { address: "127.0.0.1", ...args };
    this.node = nodeId("broker", Number(args.pod.replace(/^.*-/, "")));
  }

  /** All partitions, as the broker sees them. */
  async view(): Promise<ClusterView> {
    const connection = await this.connected();
    try {
      return await metadataV12.api.async(connection, null, false, false);
    } catch (error) {
      this.connection = undefined;
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  /** Whether it takes connections. */
  listens(): Promise<boolean> {
    const { address, brokerPort } = this.args;
    return new Promise((resolve) => {
      const socket = connect({ host: address, port: brokerPort, timeout: 2000 });
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once("connect", () => end(true));
      socket.once("error", () => end(false));
      socket.once("timeout", () => end(false));
    });
  }

  private connected(): Promise<Connection> {
    this.connection ??= this.open().catch((error: unknown) => {
      this.connection = undefined;
      throw error;
    });
    return this.connection;
  }

  private async open(): Promise<Connection> {
    const { address, brokerPort, namespace, pod, tls } = this.args;
    const tlsServerName = `${pod}.${objects.broker}.${namespace}.svc`;
    const connection = new Connection("kafka-guard", {
      tls,
      tlsServerName,
      connectTimeout: 3000,
      requestTimeout: 4000,
    });
    // It is asked anew when it is gone.
    connection.on("error", () => undefined);
    connection.on("close", () => {
      this.connection = undefined;
    });
    await connection.connect(address, brokerPort);
    return connection;
  }
}
