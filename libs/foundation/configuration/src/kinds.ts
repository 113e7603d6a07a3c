import { isAbsolute, resolve } from 'node:path';

const asUrl = (text: string): URL => {
  try {
    return new URL(text);
  } catch {
    throw new Error('is not a URL');
  }
};

/** A TCP port, 0 to let the system pick one. */
export const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Error(`is "${text}", which is not a port from 0 to 65535`);
  return Number(text);
};

/** How many of something: a whole number, at least 1. */
export const count = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`is "${text}", which is not a whole number from 1 to 999999999`);
  return Number(text);
};

/** A folder, made absolute. */
export const folder = (text: string): string => (isAbsolute(text) ? text : resolve(text));

/** Address of a server that answers HTTP. */
export const httpUrl = (text: string): string => {
  const { protocol } = asUrl(text);
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('does not start with http:// or https://');
  return text;
};

/** Scheme and host of a server that answers HTTP, without a path. */
export const origin = (text: string): string => {
  if (asUrl(httpUrl(text)).origin !== text) throw new Error('is not an origin such as https://lodestone.example');
  return text;
};

/** Several of them, with commas between. */
export const origins = (text: string): readonly string[] => text.split(',').map((each) => origin(each.trim()));

/** Connection string of an event store, `esdb://host:2113?tls=true`. */
export const eventStoreUrl = (text: string): string => {
  if (!/^(esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):\/\/[^/\s]+/.test(text))
    throw new Error('is not a connection string such as esdb://localhost:2113?tls=false');
  return text;
};

/** Connection string of a PostgreSQL database; it may hold a password, so no message repeats it. */
export const databaseUrl = (text: string): string => {
  const { protocol, pathname } = asUrl(text);
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') throw new Error('does not start with postgres://');
  if (pathname.length < 2) throw new Error('names no database: postgres://user:password@host:5432/database');
  return text;
};

/** One key of 32 bytes in base64, or two: the first is used, what was made with the second still holds. */
export const keys32 = (text: string): readonly Buffer[] => {
  const keys = text.split(/[\s,]+/).map((each) => Buffer.from(each, 'base64'));
  if (keys.length > 2 || keys.some(({ length }) => length !== 32))
    throw new Error('is not 32 bytes in base64, or two times that (make one with: openssl rand -base64 32)');
  return keys;
};

/** A secret that nobody guesses. */
export const secret32 = (text: string): string => {
  if (text.length < 32)
    throw new Error('is too short: 32 characters at least (make one with: openssl rand -base64 32)');
  return text;
};

/** `production`, or anything else for development. */
export const isProduction = (text: string): boolean => {
  if (!['production', 'development', 'test'].includes(text))
    throw new Error(`is "${text}"; it is production, development or test`);
  return text === 'production';
};
