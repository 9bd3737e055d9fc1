import { stringify } from "yaml";
import type { Server } from "../model.ts";
import { familyOf, named } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { program, programPath } from "./scripts.ts";
import type { MetricsIdentity } from "./secrets.ts";
import { assigned } from "./shell.ts";
import { dropIn, ini, unit } from "./units.ts";

/** The journal: kept on the machine, and sent to a collector where there is one. */
export function logs({ telemetry }: Server): Part {
  const { journal, collector } = telemetry;
  const kept = {
    path: "/etc/systemd/journald.conf.d/roost.conf",
    content: ini({
      Journal: {
        Storage: "persistent",
        Compress: "yes",
        Seal: "yes",
        SystemMaxUse: `${journal.maxMiB}M`,
        MaxRetentionSec: `${journal.retentionDays}day`,
        ForwardToSyslog: "no",
      },
    }),
  };
  if (collector.kind === "none") return { files: [kept], units: ["systemd-journald.service"] };
  const upload = { URL: collector.url, TrustedCertificateFile: "/etc/ssl/certs/ca-certificates.crt" };
  return {
    files: [
      kept,
      { path: "/etc/systemd/journal-upload.conf.d/roost.conf", content: ini({ Upload: upload }) },
      // A collector that is away for a while must not lose what was written meanwhile.
      dropIn("systemd-journal-upload.service", {
        Unit: { StartLimitIntervalSec: "0" },
        Service: { Restart: "always", RestartSec: "30s" },
      }),
    ],
    packages: ["systemd-journal-remote"],
    units: ["systemd-journald.service", "systemd-journal-upload.service"],
  };
}

/** Metrics, and alerts of disks and arrays among them. */
export function metrics(server: Server, identity?: MetricsIdentity): Part {
  const { textfileDirectory } = server.telemetry;
  const debian = familyOf(server.operatingSystem) === "debian";
  return {
    files: [
      configuration("/etc/roost/metrics", [assigned("TEXTFILE_DIRECTORY", textfileDirectory)]),
      program("roost-metrics"),
      unit("roost-metrics.service", {
        Unit: { Description: "Metrics of arrays, volumes, disks, packet filter and updates" },
        Service: { Type: "oneshot", ExecStart: programPath("roost-metrics") },
      }),
      unit("roost-metrics.timer", {
        Unit: { Description: "Write metrics each minute" },
        Timer: { OnBootSec: "30s", OnUnitActiveSec: "1min", AccuracySec: "5s" },
        Install: { WantedBy: "timers.target" },
      }),
      ...nodeExporter(server, identity),
      smartd(debian),
    ],
    packages: [
      named(server.operatingSystem, { debian: "prometheus-node-exporter", redhat: "node-exporter" }),
      "openssl",
      "smartmontools",
    ],
    units: [
      named(server.operatingSystem, { debian: "smartmontools.service", redhat: "smartd.service" }),
      "prometheus-node-exporter.service",
      "roost-metrics.timer",
    ],
  };
}

/** Where node exporter's certificate lies: readable by root alone, who gives the service copies of its own. */
export const METRICS_TLS_FOLDER = "/etc/roost/node-exporter";
const TLS = { web: "web.yml", authority: "ca.crt", certificate: "tls.crt", key: "tls.key" } as const;

/**
 * Serves over TLS alone, and to those alone who show a certificate of the same authority. Without its own it does not start.
 * Paths are relative to this file.
 * @source https://prometheus.io/docs/prometheus/latest/configuration/https/
 */
const webConfiguration = stringify({
  tls_server_config: {
    cert_file: TLS.certificate,
    key_file: TLS.key,
    client_auth_type: "RequireAndVerifyClientCert",
    client_ca_file: TLS.authority,
    min_version: "TLS12",
  },
}).trimEnd();

function nodeExporter({ telemetry, operatingSystem }: Server, identity: MetricsIdentity | undefined): HostFile[] {
  const { nodeExporterPort, textfileDirectory } = telemetry;
  const binary = named(operatingSystem, { debian: "prometheus-node-exporter", redhat: "node_exporter" });
  const options = [
    `--web.listen-address=:${nodeExporterPort}`,
    `--web.config.file=%d/${TLS.web}`,
    `--collector.textfile.directory=${textfileDirectory}`,
  ];
  const file = (name: string) => `${METRICS_TLS_FOLDER}/${name}`;
  return [
    configuration(file(TLS.web), [webConfiguration]),
    ...(identity === undefined
      ? []
      : [
          { path: file(TLS.authority), content: identity.authority },
          { path: file(TLS.certificate), content: identity.certificate },
          { path: file(TLS.key), content: identity.privateKey, mode: "0600", secret: true },
        ]),
    dropIn("prometheus-node-exporter.service", {
      Service: {
        LoadCredential: Object.values(TLS).map((name) => `${name}:${file(name)}`),
        ExecStart: ["", `/usr/bin/${binary} ${options.join(" ")}`],
      },
    }),
  ];
}

/** All disks, with a short test each week; what smartd sees goes to the metrics' script, which logs it. */
function smartd(debian: boolean): HostFile {
  return configuration(debian ? "/etc/smartd.conf" : "/etc/smartmontools/smartd.conf", [
    `DEVICESCAN -a -o on -S on -n standby,q -s S/../../7/02 -W 4,55,60 -m root -M exec ${programPath("roost-metrics")}`,
  ]);
}

/** Suricata, which watches one link and says in the journal what it recognises. */
export function intrusionDetection({ hardening, operatingSystem }: Server): Part {
  const detection = hardening.intrusionDetection;
  if (detection.kind === "none") return {};
  const options = [`--af-packet=${detection.link}`, "--pidfile /run/suricata.pid"];
  const name = "suricata.service";
  return {
    files: [
      dropIn(name, {
        Unit: { After: "network-online.target", Wants: "network-online.target" },
        Service: {
          Type: "simple",
          ExecStart: ["", `/usr/bin/suricata -c /etc/suricata/suricata.yaml ${options.join(" ")}`],
          Restart: "on-failure",
        },
      }),
    ],
    packages: ["suricata", ...(familyOf(operatingSystem) === "debian" ? ["suricata-update"] : [])],
    units: [name],
  };
}
