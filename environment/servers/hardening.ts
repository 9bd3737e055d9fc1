/** People who administer the machine. Nobody has a password; root cannot sign in. */
export interface Administrator {
  readonly name: string;
  /** Public keys in OpenSSH's format. */
  readonly sshKeys: readonly string[];
  /** "all": root by sudo without password (there is none), every command logged; "none": may look only. @default "all" */
  readonly sudo: "all" | "none";
}

/** What is closed, watched and limited beyond the distribution's defaults. Host keys, ciphers and sshd's own limits are fixed. */
export interface Hardening {
  /** `lockdown=` of the kernel. @default "integrity" */
  readonly lockdown: "none" | "integrity" | "confidentiality";
  /** Kernel parameters beside those that Roost sets, or other values for them. @default none */
  readonly sysctl: Readonly<Record<string, string>>;
  /** Kernel modules that cannot be loaded: file systems and protocols that nothing uses, and USB storage. */
  readonly deniedModules: readonly string[];
  /** "rules": auditd with rules about identity, time, mounts, modules and privileged commands; "immutable": changed only by a reboot. @default "immutable" */
  readonly audit: "off" | "rules" | "immutable";
  /** Whether AIDE compares the system's files with what they were, each night. @default true */
  readonly fileIntegrity: boolean;
  /** Who bans addresses that keep failing to sign in. @default "fail2ban" */
  readonly bruteForce: "fail2ban" | "none";
  /** @default off, but for what the operator turns on at the edge */
  readonly intrusionDetection: { readonly kind: "none" } | { readonly kind: "suricata"; readonly link: string };
}

/** When the machine changes by itself. */
export interface Updates {
  /** What is installed unattended. @default "security" */
  readonly automatic: "none" | "security" | "all";
  readonly window: MaintenanceWindow;
  /** "one-at-a-time": within the window, when an update asks for it, under a lock that one node holds. @default the same */
  readonly reboot: "never" | "one-at-a-time";
}

export interface MaintenanceWindow {
  /** Days of the week. @default all */
  readonly days: readonly Weekday[];
  /** Local time, `HH:MM`. @default "03:00" */
  readonly start: string;
  /** In minutes. @default 120 */
  readonly minutes: number;
}

export type Weekday = "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";

/** What the machine says about itself. */
export interface Telemetry {
  /** Port of node exporter, which also reads arrays, SMART and the firewall from `textfileDirectory`. @default 9100 */
  readonly nodeExporterPort: number;
  /** @default "/var/lib/prometheus/node-exporter" */
  readonly textfileDirectory: string;
  readonly journal: {
    /** Disk that the journal may take, in MiB. @default 1024 */
    readonly maxMiB: number;
    /** @default 90 */
    readonly retentionDays: number;
  };
  /** Where logs are sent as well, by systemd-journal-upload over TLS. */
  readonly collector: { readonly kind: "none" } | { readonly kind: "journal-remote"; readonly url: string };
}
