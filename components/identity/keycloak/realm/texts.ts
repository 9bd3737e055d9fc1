import { outOfGroupText } from "./names.ts";

/** Languages of the pages on which people sign in; browsers say which they want. */
export const locales = ["en", "de", "zh-CN"] as const;

type Locale = (typeof locales)[number];

/**
 * What people are told who are refused. Whether a name exists, and whether its account is shut, is told to nobody who
 * does not know the password: so one text covers it all.
 */
const refusals: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: refusal(
    "This user name and password do not go together, or the account has expired or been shut. Try again, or ask your administrator.",
    "There were too many wrong passwords, so this account is locked for a while. Wait some minutes and try again, or ask your administrator.",
    "This account has been shut. Ask your administrator.",
    "This code is not right. Look at your app for the one that is shown now.",
  ),
  de: refusal(
    "Benutzername und Passwort passen nicht zusammen, oder das Konto ist abgelaufen oder gesperrt. Versuchen Sie es noch einmal, oder wenden Sie sich an die Administration.",
    "Das Passwort war zu oft falsch; das Konto ist deshalb eine Zeit lang gesperrt. Versuchen Sie es in einigen Minuten noch einmal, oder wenden Sie sich an die Administration.",
    "Dieses Konto ist gesperrt. Wenden Sie sich an die Administration.",
    "Dieser Code stimmt nicht. Nehmen Sie den, den Ihre App jetzt zeigt.",
  ),
  "zh-CN": refusal(
    "用户名与密码不匹配，或者该账号已过期或已停用。请重试，或联系管理员。",
    "密码错误次数过多，该账号已被暂时锁定。请几分钟后重试，或联系管理员。",
    "该账号已停用。请联系管理员。",
    "验证码不正确。请输入应用中当前显示的验证码。",
  ),
};

function refusal(wrong: string, locked: string, disabled: string, code: string): Readonly<Record<string, string>> {
  return {
    invalidUserMessage: wrong,
    accountTemporarilyDisabledMessage: locked,
    accountPermanentlyDisabledMessage: locked,
    accountDisabledMessage: disabled,
    invalidTotpMessage: code,
    accountTemporarilyDisabledMessageTotp: locked,
    accountPermanentlyDisabledMessageTotp: locked,
  };
}

const outOfGroup: Readonly<Record<Locale, (title: string) => string>> = {
  en: (title) =>
    `Your password is right, but your account may not use ${title}: it is in none of the groups that may. Ask your administrator.`,
  de: (title) =>
    `Ihr Passwort stimmt, aber Ihr Konto darf ${title} nicht benutzen: Es ist in keiner der dafür zugelassenen Gruppen. Wenden Sie sich an die Administration.`,
  "zh-CN": (title) => `密码正确，但您的账号无权使用${title}：您不属于任何获准的用户组。请联系管理员。`,
};

/** @param titles what the relying parties are called, by the name of their clients */
export function texts(titles: Readonly<Record<string, string>>): Record<Locale, Record<string, string>> {
  const inLocale = (locale: Locale) => ({
    ...refusals[locale],
    ...Object.fromEntries(
      Object.entries(titles).map(([client, title]) => [outOfGroupText(client), quoted(outOfGroup[locale](title))]),
    ),
  });
  return { en: inLocale("en"), de: inLocale("de"), "zh-CN": inLocale("zh-CN") };
}

/** Keycloak reads texts as Java's MessageFormat, for which these have a meaning. */
function quoted(text: string): string {
  return text.replace(/'/g, "''").replace(/[{}]/g, "'$&'");
}
