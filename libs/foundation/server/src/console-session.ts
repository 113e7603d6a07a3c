import { CONSOLE } from './request-headers.js';

/** `__Host-`: no other host, no other path and no plain connection can set it (RFC 6265bis, section 4.1.3.2). */
export const SESSION_COOKIE = '__Host-lodestone';

type Headers = { get(name: string): string | null };

/** The value of a cookie, or null. */
export const cookieOf = (headers: Headers, name: string = SESSION_COOKIE): string | null => {
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
};

/**
 * Whether the console itself asks. A page of another origin can send no header of ours and no JSON without asking first,
 * which is refused; and the browser says whose page it is: by Sec-Fetch-Site, or where it does not, by Origin, which
 * must be the host that was asked.
 */
export const isOfTheConsole = ({
  method,
  headers,
}: {
  readonly method: string;
  readonly headers: Headers;
}): boolean => {
  if (method !== 'POST' || headers.get(CONSOLE) !== '1') return false;
  if (!/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')) return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = URL.parse(headers.get('origin') ?? '');
  return origin !== null && origin.host === headers.get('host');
};
