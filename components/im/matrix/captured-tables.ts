/**
 * Tables of Synapse in which its events are, each written once: what is changed in them later, when a message is redacted or expires,
 * is another event. Their own order is that of `stream_ordering`, in which the rows of a room are written one after the other.
 *
 * @source https://github.com/element-hq/synapse/blob/v1.163.2/docs/development/room-dag-concepts.md
 */
export const capturedTables = [
  {
    schema: "public",
    name: "events",
    key: "room_id",
    select: "SELECT * FROM public.events ORDER BY stream_ordering",
  },
  {
    schema: "public",
    name: "event_json",
    key: "room_id",
    select:
      "SELECT event_json.* FROM public.event_json JOIN public.events USING (event_id) ORDER BY events.stream_ordering",
  },
] as const;
