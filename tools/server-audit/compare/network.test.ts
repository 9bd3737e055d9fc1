import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { controlPlanes, edge, office } from "../../../components/servers/testing.ts";
import { differences, known, told } from "../testing.ts";

const [controlPlane] = controlPlanes;

describe("the network", () => {
  const changed = (server: Server, name: string, change: object) =>
    differences(server, ({ interfaces }) => ({
      interfaces: known(told(interfaces).map((each) => (each.name === name ? { ...each, ...change } : each))),
    }));

  it("is told by link: hardware, frames, cable", () => {
    expect(changed(office, "lan0", { mac: "3c:ec:ef:00:10:99", mtu: 9000, up: false })).toEqual({
      "link lan0": "3c:ec:ef:00:10:99, MTU 9000, down",
    });
  });

  it("names an interface that is called otherwise", () => {
    expect(changed(office, "lan0", { name: "eno1" })["link lan0"]).toBe("3c:ec:ef:00:10:01 is called eno1");
  });

  it("is told by bond and by VLAN", () => {
    expect(changed(edge, "bond0", { bondMode: "active-backup" })).toEqual({ "link bond0": "active-backup" });
    expect(changed(edge, "port1", { up: false })).toEqual({ "link port1": "down", "link bond0": "port1 is down" });
    expect(changed(edge, "port1", { master: "br0" })["link bond0"]).toBe("members missing: port1");
    expect(changed(edge, "public", { vlanId: 21 })).toEqual({ "link public": "VLAN 21 on bond0" });
  });

  it("is told by address, but for the one that moves between control planes", () => {
    expect(changed(office, "lan0", { addresses: ["10.1.0.11/24"] })).toEqual({
      "addresses on lan0": "missing: 10.1.0.10/24; unexpected: 10.1.0.11/24",
    });
    expect(changed(controlPlane, "lan0", { addresses: ["10.1.0.31/24", "10.1.0.30/32"] })).toEqual({});
  });

  it("says which link nobody described, and which way leads out", () => {
    const found = differences(office, ({ interfaces, routes }) => ({
      interfaces: known([
        ...told(interfaces),
        { name: "usb0", mac: "02:00:00:00:00:09", mtu: 1500, up: true, addresses: [] },
      ]),
      routes: known([...told(routes), { destination: "default", gateway: "10.1.0.254", link: "lan0" }]),
    }));
    expect(found).toEqual({ "other links": "usb0", "default route": "unexpected: 10.1.0.254 by lan0" });
  });

  it("resolves names by the servers that were named", () => {
    expect(differences(office, () => ({ resolver: known({ servers: ["8.8.8.8"], search: [] }) }))).toEqual({
      "name servers": "missing: 10.1.0.2, 10.1.0.3; unexpected: 8.8.8.8",
      "search domains": "missing: dc.example.org",
    });
  });

  it("has the time", () => {
    expect(differences(office, () => ({ clock: known({ timeZone: "Asia/Shanghai", synchronized: false }) }))).toEqual({
      "time zone": "Asia/Shanghai",
      clock: "not synchronised",
    });
    expect(differences(office, () => ({ timeSources: known([{ name: "10.1.0.2", state: "?" }]) }))).toEqual({
      "time servers": "none is followed",
    });
  });
});
