import { z } from "zod";
import { type Fact, lines, words } from "./fact.ts";

/** One interface of the kernel. */
export interface Interface {
  readonly name: string;
  /** Of its own hardware, also where a bond has given it another one. */
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** Addresses with prefix that last, without those of the link alone. */
  readonly addresses: readonly string[];
  /** For example `bond` and `vlan`. @default an interface of hardware */
  readonly kind?: string;
  /** The bond that it is a member of. */
  readonly master?: string;
  /** The link below. */
  readonly parent?: string;
  readonly bondMode?: string;
  readonly vlanId?: number;
}

/** @source https://man7.org/linux/man-pages/man8/ip.8.html (-json, -details) */
const addr = z.array(
  z.object({
    ifname: z.string().optional(),
    link: z.string().nullish(),
    master: z.string().optional(),
    flags: z.array(z.string()).default([]),
    mtu: z.number().default(0),
    address: z.string().default(""),
    permaddr: z.string().optional(),
    linkinfo: z
      .object({
        info_kind: z.string().optional(),
        info_data: z.object({ mode: z.unknown().optional(), id: z.unknown().optional() }).optional(),
        info_slave_data: z.object({ perm_hwaddr: z.string().optional() }).optional(),
      })
      .optional(),
    addr_info: z
      .array(
        z.object({
          local: z.string().optional(),
          prefixlen: z.number().optional(),
          scope: z.string().optional(),
        }),
      )
      .default([]),
  }),
);

export const interfaces: Fact<readonly Interface[]> = {
  name: "interfaces",
  program: "ip",
  asRoot: false,
  command: "ip -json -details address",
  parse: (output) =>
    addr.parse(JSON.parse(output)).flatMap((each): Interface[] => {
      const { ifname: name, linkinfo, link, master } = each;
      if (name === undefined) return [];
      const { mode, id } = linkinfo?.info_data ?? {};
      return [
        {
          name,
          mac: linkinfo?.info_slave_data?.perm_hwaddr ?? each.permaddr ?? each.address,
          mtu: each.mtu,
          up: each.flags.includes("UP") && each.flags.includes("LOWER_UP"),
          addresses: each.addr_info.flatMap(({ local, prefixlen, scope }) =>
            local === undefined || scope !== "global" ? [] : [`${local}/${prefixlen}`],
          ),
          ...(linkinfo?.info_kind !== undefined && { kind: linkinfo.info_kind }),
          ...(master !== undefined && { master }),
          ...(link != null && { parent: link }),
          ...(typeof mode === "string" && { bondMode: mode }),
          ...(typeof id === "number" && { vlanId: id }),
        },
      ];
    }),
};

export interface Route {
  /** `default`, or a network. */
  readonly destination: string;
  readonly gateway?: string;
  readonly link?: string;
}

const route = z.array(z.object({ dst: z.string(), gateway: z.string().optional(), dev: z.string().optional() }));

/** Routes of both families in the main table. */
export const routes: Fact<readonly Route[]> = {
  name: "routes",
  program: "ip",
  asRoot: false,
  command: "ip -4 -json route && echo == && ip -6 -json route",
  parse: (output) =>
    output.split(/^==$/m).flatMap((text) =>
      // Older versions print nothing where there is no route.
      route.parse(text.trim() === "" ? [] : JSON.parse(text)).map(({ dst, gateway, dev }) => ({
        destination: dst,
        ...(gateway !== undefined && { gateway }),
        ...(dev !== undefined && { link: dev }),
      })),
    ),
};

export interface Resolver {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** Who resolves names: behind systemd-resolved's own address, the servers that it asks. */
export const resolver: Fact<Resolver> = {
  name: "resolver",
  program: "cat",
  asRoot: false,
  command: "cat /run/systemd/resolve/resolv.conf 2>/dev/null || cat /etc/resolv.conf",
  parse: (output) => {
    const values = (key: string) =>
      lines(output)
        .filter((line) => words(line)[0] === key)
        .map((line) => words(line).slice(1));
    return {
      servers: values("nameserver").flatMap(([server = ""]) => server),
      // The last line counts.
      search: (values("search").at(-1) ?? []).filter((domain) => domain !== "."),
    };
  },
};
