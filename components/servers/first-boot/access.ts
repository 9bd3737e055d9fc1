import type { Server } from "../model.ts";
import { named } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { ini } from "./units.ts";

/** Only its members may sign in by SSH. */
export const SSH_GROUP = "roost-ssh";
/** What administrators are members of: they sign in, and read logs. */
export const ADMINISTRATOR_GROUPS: readonly string[] = [SSH_GROUP, "adm", "systemd-journal"];

/** Shown before anybody signs in: it says who may be here, and that they are watched. */
const NOTICE = `This private system is for those who are authorised to administer it. Access is monitored and recorded, and
records may be used as evidence. Disconnect now if you are not authorised: unauthorised access is prohibited by law.
`;

/**
 * Values of /etc/login.defs, for whoever is added later by hand. Passwords do not age: nobody has one, and an account whose
 * password has expired is closed to keys too.
 */
const LOGIN_DEFAULTS = ["UMASK 027", "SHA_CRYPT_MIN_ROUNDS 65536", "SHA_CRYPT_MAX_ROUNDS 65536"];

/** Modes of files that packages bring more open, where they are there. */
const PERMISSIONS = [
  "/etc/ssh/sshd_config 0600",
  "/etc/crontab 0600",
  ...["cron.d", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly"].map((name) => `/etc/${name} 0700`),
];

/** Who may sign in, how, and what becomes of those who keep failing. */
export function access(server: Server): Part {
  const { hardening, operatingSystem } = server;
  const banning = hardening.bruteForce === "fail2ban";
  return {
    files: [
      sshd(server),
      sudo(server),
      { path: "/etc/issue.net", content: NOTICE },
      { path: "/etc/issue", content: NOTICE },
      configuration("/etc/security/limits.d/50-roost.conf", ["* soft core 0", "* hard core 0"]),
      // What was in memory, keys too, would lie on the disk.
      {
        path: "/etc/systemd/coredump.conf.d/roost.conf",
        content: ini({ Coredump: { Storage: "none", ProcessSizeMax: "0" } }),
      },
      configuration("/etc/profile.d/roost.sh", ["umask 027", "ulimit -c 0", "readonly TMOUT=900", "export TMOUT"]),
      configuration("/etc/roost/login.defs", LOGIN_DEFAULTS),
      configuration("/etc/security/pwquality.conf.d/roost.conf", ["minlen = 14", "minclass = 3", "enforce_for_root"]),
      configuration(
        "/etc/tmpfiles.d/roost-permissions.conf",
        PERMISSIONS.map((each) => `z ${each} root root`),
      ),
      ...(banning ? [fail2ban(server)] : []),
    ],
    packages: [
      named(operatingSystem, { debian: "openssh-server", redhat: "openssh-server" }),
      "sudo",
      named(operatingSystem, { debian: "libpam-pwquality", redhat: "libpwquality" }),
      ...(banning
        ? ["fail2ban", named(operatingSystem, { debian: "python3-systemd", redhat: "fail2ban-systemd" })]
        : []),
    ],
    units: [
      named(operatingSystem, { debian: "ssh.service", redhat: "sshd.service" }),
      ...(banning ? ["fail2ban.service"] : []),
    ],
  };
}

/**
 * Keys alone, for administrators alone, and a shell is all that they get. Algorithms are those that OpenSSH 8.7 and later
 * have: a name that a version does not know would keep it from starting.
 * @source https://infosec.mozilla.org/guidelines/openssh
 */
function sshd({ firewall }: Server): HostFile {
  const settings: Readonly<Record<string, string | number>> = {
    Port: firewall.ssh.port,
    AllowGroups: SSH_GROUP,
    PermitRootLogin: "no",
    AuthenticationMethods: "publickey",
    PubkeyAuthentication: "yes",
    PasswordAuthentication: "no",
    KbdInteractiveAuthentication: "no",
    PermitEmptyPasswords: "no",
    HostbasedAuthentication: "no",
    IgnoreRhosts: "yes",
    PermitUserEnvironment: "no",
    MaxAuthTries: 3,
    MaxSessions: 10,
    MaxStartups: "10:30:60",
    LoginGraceTime: 30,
    ClientAliveInterval: 300,
    ClientAliveCountMax: 2,
    AllowAgentForwarding: "no",
    AllowTcpForwarding: "no",
    AllowStreamLocalForwarding: "no",
    PermitTunnel: "no",
    X11Forwarding: "no",
    Compression: "no",
    TCPKeepAlive: "no",
    LogLevel: "VERBOSE",
    Banner: "/etc/issue.net",
    HostKeyAlgorithms: "ssh-ed25519,rsa-sha2-512,rsa-sha2-256",
    KexAlgorithms:
      "curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512",
    Ciphers: "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com",
    MACs: "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com",
  };
  // Of several values sshd takes the first: this file comes before those of distributions and of cloud-init.
  return {
    ...configuration(
      "/etc/ssh/sshd_config.d/10-roost.conf",
      Object.entries(settings).map((entry) => entry.join(" ")),
    ),
    mode: "0600",
  };
}

/** Who may become root: there are no passwords to ask for. */
function sudo({ administrators }: Server): HostFile {
  const file = configuration("/etc/sudoers.d/10-roost", [
    "# Every command is in the journal, and in a file of its own.",
    "Defaults use_pty",
    'Defaults logfile="/var/log/sudo.log"',
    ...administrators.flatMap(({ name, sudo: right }) =>
      right === "all" ? [`${name} ALL=(ALL:ALL) NOPASSWD: ALL`] : [],
    ),
  ]);
  return { ...file, mode: "0440" };
}

/** A bastion that is the only way in must not be banned for what somebody tries through it. */
function fail2ban({ firewall: { ssh } }: Server): HostFile {
  const bastions = ssh.cidrs.filter((cidr) => cidr.endsWith(cidr.includes(":") ? "/128" : "/32"));
  return configuration("/etc/fail2ban/jail.d/roost.local", [
    "[DEFAULT]",
    "backend = systemd",
    "banaction = nftables-multiport",
    "banaction_allports = nftables-allports",
    `ignoreip = ${["127.0.0.1/8", "::1", ...bastions].join(" ")}`,
    "findtime = 10m",
    "maxretry = 5",
    "bantime = 1h",
    "bantime.increment = true",
    "bantime.maxtime = 1w",
    "",
    "[sshd]",
    "enabled = true",
    `port = ${ssh.port}`,
    "mode = aggressive",
  ]);
}
