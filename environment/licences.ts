import type { ImSettings } from "./settings/im.ts";

/** An engine that is known but that nothing deploys yet. */
export type UnavailableEngine = Exclude<ImSettings["engine"], "matrix">;

/** What an edition's licence withholds. */
export interface Edition {
  /** People that the licence allows. @default no limit */
  readonly maxUsers?: number;
  /** Features that are not part of it. */
  readonly withheld: readonly ("high availability" | "single sign-on" | "LDAP" | "compliance export")[];
  /** Other limits, in words. */
  readonly limits?: string;
}

export interface Licence {
  /** What the engine is called. */
  readonly product: string;
  readonly editions: Readonly<Record<string, Edition>>;
  readonly source: string;
}

const ALL = ["high availability", "single sign-on", "LDAP", "compliance export"] as const;

/** What licences withhold. Matrix is not here: Synapse withholds nothing. */
export const licences: Readonly<Record<UnavailableEngine, Licence>> = {
  mattermost: {
    product: "Mattermost",
    editions: {
      team: { maxUsers: 250, withheld: ALL },
      entry: {
        withheld: ["high availability", "compliance export"],
        limits: "only the last 10,000 messages are shown",
      },
      professional: { withheld: ["high availability", "compliance export"] },
      enterprise: { withheld: [] },
    },
    source: "https://docs.mattermost.com/product-overview/editions-and-offerings.html",
  },
  rocketchat: {
    product: "Rocket.Chat",
    editions: {
      community: { withheld: ALL, limits: "presence is switched off above 200 people at a time" },
      enterprise: { withheld: [] },
    },
    source: "https://docs.rocket.chat/docs/our-plans",
  },
  lanying: {
    product: "Lanying IM",
    editions: { licensed: { withheld: [] } },
    source: "https://docs.lanyingim.com/",
  },
};

/** Why the edition cannot be what was asked for, besides not being deployable yet. */
export function licenceObjections(
  engine: UnavailableEngine,
  edition: string,
  asked: { readonly users: number; readonly availability: "single" | "ha" },
): string[] {
  const { product, editions } = licences[engine];
  const chosen = editions[edition];
  if (chosen === undefined) return [];
  const { maxUsers = Number.POSITIVE_INFINITY, withheld, limits } = chosen;
  const name = `${product}'s ${edition} edition`;
  return [
    ...(asked.users > maxUsers ? [`${name} allows ${maxUsers} users and ${asked.users} are asked for`] : []),
    ...(asked.availability === "ha" && withheld.includes("high availability")
      ? [`${name} withholds high availability and roost:availability is "ha"`]
      : []),
    ...(withheld.length > 0 ? [`${name} withholds ${withheld.join(", ")}`] : []),
    ...(limits === undefined ? [] : [`in ${name} ${limits}`]),
  ];
}
