/** Machines that are exactly as described, for tests that then change one thing. */
import { nftablesFile } from "../../components/servers/firewall.ts";
import { flowsOf } from "../../components/servers/flows.ts";
import { partitionedDisks } from "../../components/servers/layout.ts";
import type { Disk, Fleet, Link, Pool, Server } from "../../components/servers/model.ts";
import { cluster, single } from "../../components/servers/testing.ts";
import { auditOf } from "./audit.ts";
import { BASELINE, sysctlOf } from "./baseline.ts";
import { fingerprintOf } from "./compare/access.ts";
import type { ArrayDetail, ArrayState } from "./facts/arrays.ts";
import type { Mapping } from "./facts/encryption.ts";
import { writtenTable } from "./facts/firewall.ts";
import type { Facts, Observed } from "./facts/index.ts";
import type { Interface } from "./facts/network.ts";

/** The fleet that a machine of the examples belongs to. */
export function fleetOf(server: Server): Fleet {
  return cluster.servers.includes(server) ? cluster : { ...single, servers: [server] };
}

/** All that is known of a machine that is as described. */
export function describedFacts(server: Server): Facts {
  const { operatingSystem, network, administrators, hardening, storage } = server;
  const { dns, time } = network;
  const arrays = storage.pools.flatMap((pool, at) => arrayOf(pool, `md${127 - at}`) ?? []);
  const volumes = storage.pools.flatMap((pool) => pool.volumes.map((volume) => ({ pool, volume })));
  const fleet = fleetOf(server);
  return {
    system: known({
      hostName: server.name,
      distribution: operatingSystem.distribution,
      release: operatingSystem.distribution === "rocky" ? `${operatingSystem.release}.4` : operatingSystem.release,
    }),
    arrayStates: known(arrays.map(({ state }) => state)),
    arrayDetails: known(new Map(arrays.map(({ state, detail }) => [state.device, detail]))),
    deviceLinks: known(new Map([...storage.pools.flatMap(diskLinks), ["/dev/mapper/system-swap", "dm-1"]])),
    mappings: known(new Map(storage.pools.flatMap(mappingOf))),
    volumeGroups: known(
      new Map(
        storage.pools.map((pool) => [
          pool.name,
          {
            physicalVolumes: [{ device: `/dev/md/${pool.name}`, missing: false }],
            freeMiB: 0,
            volumes: new Map(pool.volumes.map(({ name, sizeMiB }) => [name, { sizeMiB, health: "" }])),
          },
        ]),
      ),
    ),
    mounts: known([
      { target: "/boot", source: "/dev/md126", fileSystem: "ext4", options: ["rw", "relatime"] },
      ...volumes.flatMap(({ pool, volume: { content, name } }) =>
        content.kind === "swap"
          ? []
          : [
              {
                target: content.mountPoint,
                source: `/dev/mapper/${pool.name}-${name}`,
                fileSystem: content.kind,
                options: ["rw", "seclabel", ...content.mountOptions],
              },
            ],
      ),
    ]),
    swaps: known(volumes.flatMap(({ volume }) => (volume.content.kind === "swap" ? ["/dev/dm-1"] : []))),
    interfaces: known([
      { name: "lo", mac: "00:00:00:00:00:00", mtu: 65536, up: true, addresses: [] },
      ...network.links.map((link) => interfaceOf(link, network.links)),
      { name: "cali1", mac: "ee:ee:ee:ee:ee:ee", mtu: 1450, up: true, addresses: [], kind: "veth" },
    ]),
    routes: known(
      network.links.flatMap(({ name, attached }) =>
        attached.flatMap(({ gateway }) =>
          gateway === undefined ? [] : [{ destination: "default", gateway, link: name }],
        ),
      ),
    ),
    resolver: known({ servers: dns.servers, search: dns.search }),
    clock: known({ timeZone: operatingSystem.timeZone.replace("Etc/UTC", "UTC"), synchronized: true }),
    timeSources: known(time.servers.map((name) => ({ name, state: "*" }))),
    packetFilter: known(writtenTable(nftablesFile(server, fleet))),
    listeners: known([
      { protocol: "udp", address: "127.0.0.1", port: 323, programs: ["chronyd"] },
      ...flowsOf(fleet)
        .filter(({ to }) => to.machines.includes(server.name))
        .flatMap(({ ports, protocol }) =>
          ports.flatMap((port) =>
            typeof port === "number" ? [{ protocol, address: "0.0.0.0", port, programs: ["a program"] }] : [],
          ),
        ),
    ]),
    pendingUpdates: known({ packages: [], ageDays: 0.5, reboot: false }),
    accounts: known([
      { name: "root", uid: 0, home: "/root", shell: "/bin/bash" },
      { name: "sshd", uid: 100, home: "/run/sshd", shell: "/usr/sbin/nologin" },
      { name: "nobody", uid: 65_534, home: "/nonexistent", shell: "/usr/sbin/nologin" },
      ...administrators.map(({ name }, at) => ({ name, uid: 1000 + at, home: `/home/${name}`, shell: "/bin/bash" })),
    ]),
    groups: known(new Map([["sudo", administrators.filter(({ sudo }) => sudo === "all").map(({ name }) => name)]])),
    passwords: known(new Map([["root", "none"], ...administrators.map(({ name }) => [name, "none"] as const)])),
    sudoRights: known(
      new Map(administrators.map(({ name, sudo }) => [name, { rules: sudo === "all" ? ["(ALL) NOPASSWD: ALL"] : [] }])),
    ),
    authorizedKeys: known(
      new Map([
        ["root", []],
        ...administrators.map(({ name, sshKeys }) => [name, sshKeys.map(fingerprintOf)] as const),
      ]),
    ),
    sshd: known(
      new Map(
        Object.entries({ port: `${server.firewall.ssh.port}`, ...BASELINE.sshd }).map(([keyword, value]) => [
          keyword,
          [value],
        ]),
      ),
    ),
    sysctls: known(
      new Map(Object.entries(sysctlOf(server, BASELINE)).map(([name, allowed]) => [name, allowed.at(-1) ?? ""])),
    ),
    commandLine: known(["root=/dev/mapper/system-root", "ro", `lockdown=${hardening.lockdown}`, "audit=1"]),
    lockdown: known(hardening.lockdown),
    modules: known({
      loaded: new Set(["br_netfilter"]),
      replaced: new Map(hardening.deniedModules.map((name) => [name.replaceAll("-", "_"), "/bin/false"])),
    }),
    audit: known({
      enabled: hardening.audit === "immutable" ? "2" : "1",
      daemon: true,
      lost: 0,
      rules: ["-w /etc/passwd -p wa -k identity"],
    }),
    units: known(
      new Map(
        [
          "fail2ban.service",
          "dailyaidecheck.timer",
          "suricata.service",
          "auditd.service",
          "apt-daily-upgrade.timer",
          "systemd-journal-upload.service",
          "chrony.service",
          "prometheus-node-exporter.service",
        ].map((name) => [name, "active"]),
      ),
    ),
  };
}

/** Subjects that differ, with what was found, on a machine of which something was changed. */
export function differences(
  server: Server,
  change: (facts: Facts) => Partial<Facts>,
): Readonly<Record<string, string>> {
  const facts = describedFacts(server);
  const { checks } = auditOf(server, fleetOf(server), { ...facts, ...change(facts) });
  return Object.fromEntries(
    checks.flatMap(({ subject, outcome }) => (outcome.kind === "differs" ? [[subject, outcome.found]] : [])),
  );
}

/** A fact that is known. */
export function known<Value>(value: Value): Observed<Value> {
  return { known: true, value };
}

/** The value of a fact that a test has made known. @throws Error when it is not */
export function told<Value>(fact: Observed<Value>): Value {
  if (!fact.known) throw new Error(fact.why);
  return fact.value;
}

function arrayOf(
  { name, redundancy }: Pool,
  device: string,
): { readonly state: ArrayState; readonly detail: ArrayDetail } | undefined {
  if (redundancy.kind !== "md") return undefined;
  const { level, members, spares, chunkKiB } = redundancy;
  return {
    state: {
      device,
      active: true,
      readOnly: false,
      level,
      members: [
        ...members.map((disk) => ({ device: partition(disk), role: "active" as const })),
        ...spares.map((disk) => ({ device: partition(disk), role: "spare" as const })),
      ],
      slots: { all: members.length, inUse: members.length },
      ...(level !== "raid1" && { chunkKiB }),
    },
    detail: {
      name,
      level,
      devices: members.length,
      metadata: "1.2",
      members: [
        ...members.map((disk, at) => ({ device: `/dev/${partition(disk)}`, role: `${at}` })),
        ...spares.map((disk) => ({ device: `/dev/${partition(disk)}`, role: "spare" })),
      ],
    },
  };
}

/** A kernel's name for the partition of that disk: any will do, if no other disk has it. */
export function partition({ id }: Disk): string {
  return `sd-${id}3`;
}

function diskLinks(pool: Pool): readonly (readonly [string, string])[] {
  const { redundancy } = pool;
  const volume: readonly (readonly [string, string])[] =
    redundancy.kind === "hardware" ? [[`/dev/disk/by-id/${redundancy.volumeId}`, "sda"]] : [];
  const disks = partitionedDisks(pool).flatMap((disk): (readonly [string, string])[] => [
    [`/dev/disk/by-id/${disk.id}`, `sd-${disk.id}`],
    [`/dev/disk/by-id/${disk.id}-part3`, partition(disk)],
  ]);
  return [...volume, ...disks];
}

function mappingOf({ name, encryption }: Pool): readonly (readonly [string, Mapping])[] {
  if (encryption.kind === "none") return [];
  const tokens = encryption.unlock.flatMap(({ kind }) =>
    kind === "tpm2" ? ["systemd-tpm2"] : kind === "tang" ? ["clevis"] : [],
  );
  const mapping: Mapping = {
    type: "LUKS2",
    cipher: "aes-xts-plain64",
    keyBits: 512,
    discards: encryption.discards,
    writable: true,
    derivations: ["argon2id", ...tokens.map(() => "pbkdf2")],
    tokens,
  };
  return [[`${name}_crypt`, mapping]];
}

function interfaceOf(link: Link, all: readonly Link[]): Interface {
  const { name, mtu, attached } = link;
  const bond = all.find((other) => other.kind === "bond" && other.members.includes(name));
  const base = { name, mtu, up: true, addresses: attached.map(({ address }) => address), mac: "02:00:00:00:00:01" };
  switch (link.kind) {
    case "ethernet":
      return { ...base, mac: link.mac, ...(bond !== undefined && { master: bond.name }) };
    case "bond":
      return { ...base, kind: "bond", bondMode: link.mode };
    case "vlan":
      return { ...base, kind: "vlan", vlanId: link.id, parent: link.parent };
  }
}
