import type { DirectoryNames } from "../../components/identity/directory/names.ts";

export interface Person {
  readonly givenName: string;
  readonly surname: string;
  /** @default given name and surname */
  readonly displayName?: string | undefined;
  readonly mail?: string | undefined;
  readonly employeeNumber?: string | undefined;
  /** Names of the groups that the person is in. */
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** Last day on which the account works, in UTC: `2027-01-31`. @default never */
  readonly expires?: string | undefined;
}

export interface Group {
  readonly description?: string | undefined;
  /** Names of groups whose members are members of this one too. */
  readonly groups: readonly string[];
}

export interface PasswordPolicy {
  /** Characters that a password has at least. */
  readonly minLength: number;
  /** Former passwords that may not be taken again. */
  readonly remembered: number;
  /** Days after which a password must be replaced. */
  readonly maxAgeDays: number | "never";
  /** Wrong passwords after which the account is locked. */
  readonly failures: number;
  /** Minutes that it is locked, and after which wrong passwords are forgotten. */
  readonly lockMinutes: number;
}

/** What the settings want a directory to hold. */
export interface Wanted {
  readonly names: DirectoryNames;
  readonly people: Readonly<Record<string, Person>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly policy: PasswordPolicy;
  /**
   * People that may be removed at once: the larger of the two. More look like a mistake in the settings, and whoever is
   * removed would be another person when they come back.
   */
  readonly maxLeavers: { readonly percent: number; readonly atLeast: number };
}
