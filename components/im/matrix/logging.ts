/** Structured lines on the standard output. */
export function loggingConfiguration() {
  return {
    version: 1,
    formatters: { structured: { class: "synapse.logging.TerseJsonFormatter" } },
    handlers: { console: { class: "logging.StreamHandler", formatter: "structured", stream: "ext://sys.stdout" } },
    loggers: {
      // From DEBUG on it would log access tokens.
      "synapse.storage.SQL": { level: "WARNING" },
      // The edge logs requests; who wrote to whom need not be in a second place.
      "synapse.access": { level: "WARNING" },
      // They log the address of each refused request: links of messages, for which a preview was asked, among them.
      "synapse.http.server": { level: "WARNING" },
      "synapse.http.client": { level: "WARNING" },
    },
    root: { level: "INFO", handlers: ["console"] },
    disable_existing_loggers: false,
  };
}
