import { describe, expect, it } from "@jest/globals";
import { interfaces, resolver, routes } from "./network.ts";
import { listeners } from "./sockets.ts";
import { clock, timeSources } from "./time.ts";

describe("interfaces", () => {
  it("are read with their hardware's own address, also where a bond has given them another", () => {
    const output = JSON.stringify([
      {},
      {
        ifname: "port1",
        flags: ["BROADCAST", "MULTICAST", "SLAVE", "UP", "LOWER_UP"],
        mtu: 9000,
        master: "bond0",
        address: "3c:ec:ef:00:60:01",
        linkinfo: {
          info_slave_kind: "bond",
          info_slave_data: { state: "ACTIVE", mii_status: "UP", perm_hwaddr: "3c:ec:ef:00:60:02", queue_id: 0 },
        },
        addr_info: [],
      },
      {
        ifname: "bond0",
        flags: ["UP", "LOWER_UP"],
        mtu: 9000,
        address: "3c:ec:ef:00:60:01",
        linkinfo: { info_kind: "bond", info_data: { mode: "802.3ad", miimon: 100 } },
        addr_info: [],
      },
      {
        ifname: "cluster",
        link: "bond0",
        flags: ["UP"],
        mtu: 9000,
        address: "3c:ec:ef:00:60:01",
        linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 10, flags: ["REORDER_HDR"] } },
        addr_info: [
          { family: "inet", local: "10.1.0.61", prefixlen: 24, scope: "global" },
          { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" },
        ],
      },
    ]);
    expect(interfaces.parse(output)).toEqual([
      { name: "port1", mac: "3c:ec:ef:00:60:02", mtu: 9000, up: true, addresses: [], master: "bond0" },
      {
        name: "bond0",
        mac: "3c:ec:ef:00:60:01",
        mtu: 9000,
        up: true,
        addresses: [],
        kind: "bond",
        bondMode: "802.3ad",
      },
      {
        name: "cluster",
        mac: "3c:ec:ef:00:60:01",
        mtu: 9000,
        // Its cable, or that of the link below, is out.
        up: false,
        addresses: ["10.1.0.61/24"],
        kind: "vlan",
        parent: "bond0",
        vlanId: 10,
      },
    ]);
  });

  it("that are virtual and have a mode or number of their own are none of ours", () => {
    // As iproute2 6.1 shows an interface of a container.
    const output = `[{"ifindex":2,"link_index":7,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","operstate":"UP","group":"default","link_type":"ether","address":"02:42:ac:11:00:02","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":0,"promiscuity":0,"linkinfo":{"info_kind":"vxlan","info_data":{"id":4096,"port":4789}},"addr_info":[]}]`;
    expect(interfaces.parse(output)[0]).toMatchObject({ kind: "vxlan" });
  });
});

describe("routes", () => {
  it("are those of both families, of which one may have none", () => {
    const four = `[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},{"dst":"192.0.2.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"192.0.2.2","flags":[]}]`;
    expect(routes.parse(`${four}\n==\n`)).toEqual([
      { destination: "default", gateway: "192.0.2.1", link: "eth0" },
      { destination: "192.0.2.0/24", link: "eth0" },
    ]);
    expect(routes.parse("[]\n==\n[]\n")).toEqual([]);
  });
});

describe("names", () => {
  it("are resolved by the servers in the file; of several search lines the last counts", () => {
    const file =
      "# written by systemd-resolved\nnameserver 10.1.0.2\nnameserver 10.1.0.3\nsearch old.example.org\nsearch dc.example.org .\n";
    expect(resolver.parse(file)).toEqual({ servers: ["10.1.0.2", "10.1.0.3"], search: ["dc.example.org"] });
    expect(resolver.parse("")).toEqual({ servers: [], search: [] });
  });
});

describe("time", () => {
  it("is read from systemd", () => {
    const shown =
      "Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=yes\nTimeUSec=Tue 2025-11-25 09:00:00 UTC\n";
    expect(clock.parse(shown)).toEqual({ timeZone: "Etc/UTC", synchronized: true });
    expect(() => clock.parse("")).toThrow("no Timezone");
  });

  it("has sources, by their names in the configuration", () => {
    const sources =
      "^,*,time.dc.example.org,2,6,377,23,-0.000012345,0.000023456,0.012345678\n^,?,10.1.0.3,0,6,0,4294967295,0.0,0.0,0.0\n";
    expect(timeSources.parse(sources)).toEqual([
      { name: "time.dc.example.org", state: "*" },
      { name: "10.1.0.3", state: "?" },
    ]);
    expect(() => timeSources.parse("506 Cannot talk to daemon")).toThrow("no source");
  });
});

describe("sockets", () => {
  it("are read with address, port and programs", () => {
    const output = `udp   UNCONN 0      0                  127.0.0.1:323        0.0.0.0:*    users:(("chronyd",pid=612,fd=5))
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=500,fd=13))
tcp   LISTEN 0      128                      0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=700,fd=3),("systemd",pid=1,fd=90))
tcp   LISTEN 0      4096                        [::]:9100          [::]:*
tcp   LISTEN 0      4096                           *:10250            *:*    users:(("kubelet",pid=9,fd=1))
`;
    expect(listeners.parse(output)).toEqual([
      { protocol: "udp", address: "127.0.0.1", port: 323, programs: ["chronyd"] },
      { protocol: "udp", address: "127.0.0.53", port: 53, programs: ["systemd-resolve"] },
      { protocol: "tcp", address: "0.0.0.0", port: 22, programs: ["sshd", "systemd"] },
      { protocol: "tcp", address: "::", port: 9100, programs: [] },
      { protocol: "tcp", address: "*", port: 10_250, programs: ["kubelet"] },
    ]);
    expect(() => listeners.parse("Netid State")).toThrow("no socket");
  });
});
