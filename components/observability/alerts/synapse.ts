import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("synapse");

/** p99 or another share of a histogram of Synapse's. */
function quantile(share: number, buckets: string, window = "10m"): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${buckets}[${window}])))`;
}

/** What goes wrong in the homeserver before people notice, and what explains that they do. */
export const synapseAlerts: AlertGroup = {
  name: "synapse",
  rules: [
    ticket("SynapseDown", '(count(up{job="synapse"} == 1) or vector(0)) == 0', {
      for: "1m",
      summary: "Synapse does not answer",
      description: "It is one process: nobody chats until it is back. Its pod's events and log say why it is not.",
    }),
    ticket(
      "SynapseSendSlow",
      `${quantile(0.99, 'synapse_http_server_response_time_seconds_bucket{job="synapse", servlet="RoomSendEventRestServlet", code="200"}')} > 1`,
      {
        for: "15m",
        summary: "One message in a hundred takes Synapse more than {{ $value | humanizeDuration }}",
        description:
          "Messages are seen by others only after they are stored: look at the database and at the processor.",
      },
    ),
    ticket("SynapseProcessorSaturated", 'max(rate(process_cpu_seconds_total{job="synapse"}[10m])) > 0.9', {
      for: "30m",
      summary: "Synapse uses {{ $value | humanizePercentage }} of a processor, and can use no more than one",
      description:
        "Everything that people do waits for it. The dashboard shows which requests and background work it is.",
    }),
    ticket(
      "SynapseEventLoopBlocked",
      `${quantile(0.99, 'python_twisted_reactor_tick_time_bucket{job="synapse"}')} > 1`,
      {
        for: "15m",
        summary: "Synapse does nothing else for {{ $value | humanizeDuration }} at a time",
        description: "One long piece of work holds up everybody: a huge room, or a slow disk under its media.",
      },
    ),
    ticket(
      "SynapseWaitsForDatabaseConnection",
      `${quantile(0.95, 'synapse_storage_schedule_time_bucket{job="synapse"}')} > 0.5`,
      {
        for: "15m",
        summary: "Synapse waits {{ $value | humanizeDuration }} for a connection to its database",
        description: "Its connections are all in use: slow queries, or too few of them. make tune says which setting.",
      },
    ),
  ],
};
