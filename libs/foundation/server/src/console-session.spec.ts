import { describe, expect, it } from '@jest/globals';
import { cookieOf, isOfTheConsole } from './console-session.js';

const OURS = {
  'content-type': 'application/json; charset=utf-8',
  'lodestone-console': '1',
  host: 'lodestone.example',
  'sec-fetch-site': 'same-origin',
};
const asked = (changes: Record<string, string | undefined> = {}, method = 'POST'): boolean => {
  const headers = Object.entries({ ...OURS, ...changes }).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  return isOfTheConsole({ method, headers: new Headers(headers) });
};

describe('A request in a session', () => {
  it('is the console’s where header, type and site say so', () => expect(asked()).toBe(true));

  it.each<[string, Record<string, string | undefined>, string?]>([
    ['comes from a page of the same site but another origin', { 'sec-fetch-site': 'same-site' }],
    ['comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['was typed into the address', { 'sec-fetch-site': 'none' }],
    ['lacks the console’s header', { 'lodestone-console': undefined }],
    ['says something else in it', { 'lodestone-console': '0' }],
    ['is a form', { 'content-type': 'text/plain' }],
    ['only looks like JSON', { 'content-type': 'application/jsonp' }],
    ['is a link', {}, 'GET'],
    ['says of no page that it is its', { 'sec-fetch-site': undefined }],
    ['comes from a foreign origin', { 'sec-fetch-site': undefined, origin: 'https://lodestone.example.evil' }],
    ['comes from no origin', { 'sec-fetch-site': undefined, origin: 'null' }],
  ])('is not where it %s', (_, changes, method = 'POST') => expect(asked(changes, method)).toBe(false));

  it('is the console’s by its origin where the browser says no site', () =>
    expect(asked({ 'sec-fetch-site': undefined, origin: 'https://lodestone.example' })).toBe(true));
});

describe('The cookie of a session', () => {
  it('is found among others by its whole name', () => {
    const headers = new Headers({ cookie: 'x__Host-lodestone=a; __Host-lodestone-login=b; __Host-lodestone=c=d' });
    expect(cookieOf(headers)).toBe('c=d');
    expect(cookieOf(headers, '__Host-lodestone-login')).toBe('b');
    expect(cookieOf(new Headers({}))).toBeNull();
  });
});
