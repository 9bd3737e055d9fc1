import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("kafka");

/** What the reader of the database's log writes every ten seconds while it reads: it went all the way. */
const HEARTBEATS = 'kafka_topic_messagesin_total{job="kafka", topic=~"heartbeat\\\\..+"}';

/** Rows of events that came into Kafka, and events that were made of them. */
const ROWS = 'kafka_topic_messagesin_total{job="kafka", topic=~".+\\\\.event_json"}';
const EVENTS = 'im_events_total{job="im-events"}';

/** Alerts about change capture. None is a page: people chat, and what was not captured yet waits in the database's log. */
export const captureAlerts: AlertGroup = {
  name: "capture",
  rules: [
    ticket(
      "ChangeCaptureStopped",
      `((sum(increase(${HEARTBEATS}[10m])) or vector(0)) == 0)
       unless on () max(debezium_snapshotrunning{job="kafka-connect"}) == 1`,
      {
        for: "5m",
        summary: "Nobody reads what people write out of the database's log",
        description:
          "People chat, and the log waits until its limit, beyond which all has to be read from the tables again. What the connector says stands in the log of kafka-connect.",
      },
    ),
    ticket(
      "ChangeCaptureFails",
      'sum by (connector) (increase(kafka_connectors_actions_total{job="kafka-connectors", kind="restart"}[30m])) > 3',
      {
        summary: "Connector {{ $labels.connector }} fails again and again",
        description: "It is restarted each time, and goes on where it was. The log of kafka-connectors says why.",
      },
    ),
    ticket(
      "ChangeCaptureBehind",
      `max by (server) (debezium_millisecondsbehindsource{job="kafka-connect"}) / 1000 > 300
       and on (server) sum by (server) (increase(debezium_totalnumberofeventsseen_total{job="kafka-connect"}[15m])) > 0`,
      {
        for: "15m",
        summary: "What is captured of {{ $labels.server }} is {{ $value | humanizeDuration }} old",
        description: "Kafka takes less than is written, or the worker has too little of something.",
      },
    ),
    ticket("ImEventsStopped", `sum(increase(${ROWS}[15m])) > 0 unless on () (sum(increase(${EVENTS}[15m])) > 0)`, {
      for: "5m",
      summary: "Nobody makes events out of what is captured",
      description: "They wait in Kafka until its retention. The log of im-events says why.",
    }),
    ticket("ImEventsDeadLetters", 'sum(increase(im_events_dead_letters_total{job="im-events"}[1h])) > 0', {
      summary: "{{ $value | humanize }} rows of the homeserver are no events, and were put aside",
      description: "They are in the topic im.events.dead-letter, with the reason. The archive does not have them.",
    }),
  ],
};
