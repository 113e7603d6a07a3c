import { useSyncExternalStore } from 'react';
import en from '../../messages/en.json';
import { filled, type Values } from './message.ts';

export type Word = keyof typeof en;
export type Language = 'en' | 'fr' | 'de' | 'ja';

export const LANGUAGES: Readonly<Record<Language, string>> = {
  en: 'English',
  fr: 'Français',
  de: 'Deutsch',
  ja: '日本語',
};

type Catalogue = Readonly<Record<string, string>>;
/** Each in a file of its own, which is loaded when somebody chooses it. */
const others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>>> = {
  fr: () => import('../../messages/fr.json'),
  de: () => import('../../messages/de.json'),
  ja: () => import('../../messages/ja.json'),
};

const KEPT_AS = 'lodestone-language';
let chosen: Language = 'en';
let catalogue: Catalogue = en;
const listeners = new Set<() => void>();

export const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** Shows the page in a language from now on; a message that it lacks is shown in English. */
export const speak = async (language: Language): Promise<void> => {
  catalogue = language === 'en' ? en : (await others[language]()).default;
  if (language === 'ja') await import('../design/japanese.ts');
  chosen = language;
  document.documentElement.lang = language;
  // A preference of the device, and no record.
  localStorage.setItem(KEPT_AS, language);
  for (const listener of listeners) listener();
};

/** The language chosen before on this device, else the first of the browser’s that there is. */
export const preferred = (): Language =>
  [localStorage.getItem(KEPT_AS) ?? '', ...navigator.languages.map((each) => each.slice(0, 2))].find(isLanguage) ??
  'en';

/** The language that the page is in; whoever uses it is drawn anew when it changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );

/** A sentence of the page in its language. */
export const t = (word: Word, values: Values = {}): string => filled(catalogue[word] ?? en[word], values, chosen);

/** The name of a value of the schema, such as a status; the value itself where the catalogue has none. */
export const named = (type: string, value: string): string => {
  const word = `${type}.${value}`;
  return catalogue[word] ?? (en as Catalogue)[word] ?? value;
};

const codes = (type: 'region' | 'currency') => {
  const made = new Map<string, Intl.DisplayNames>();
  return (code: string): string => {
    let names = made.get(chosen);
    if (!names) made.set(chosen, (names = new Intl.DisplayNames([chosen, 'en'], { type, fallback: 'code' })));
    try {
      return names.of(code) ?? code;
    } catch {
      return code;
    }
  };
};
const regionName = codes('region');

/** A party in words: a country, the secretariat, or what a code stands for. */
export const party = (code: string): string => (/^[A-Z]{2}$/.test(code) ? regionName(code) : named('party', code));

/** A decimal string in the digits of the language, exactly. */
export const number = (decimal: string): string =>
  new Intl.NumberFormat(chosen, { maximumFractionDigits: 6 }).format(decimal as never);

export const money = (amount: string, currency: string): string =>
  new Intl.NumberFormat(chosen, { style: 'currency', currency, minimumFractionDigits: 0 }).format(amount as never);

export const tonnes = (quantity: string): string => t('unit.tonnes', { n: number(quantity) });

/** A share as the API gives it, in per cent. */
export const percent = (share: string): string =>
  t('unit.percent', { n: new Intl.NumberFormat(chosen, { maximumFractionDigits: 1 }).format(share as never) });

/** A day has no zone and no time. */
export const day = (text: string): string =>
  new Intl.DateTimeFormat(chosen, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${text}T00:00:00Z`));

/** An instant, in UTC, which is said. */
export const instant = (text: string): string =>
  t('unit.utc', {
    at: new Intl.DateTimeFormat(chosen, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
      new Date(text),
    ),
  });
