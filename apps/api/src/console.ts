import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** The two texts of styles that React Aria adds to a page; a test computes their hashes from the installed package. */
export const STYLE_HASHES = [
  'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=',
  'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg=',
] as const;

/** No inline script or style, no text that becomes code, and no other host, whatever a page is made to say. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${STYLE_HASHES.map((hash) => `'${hash}'`).join(' ')}`,
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), clipboard-read=()',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** What a browser may keep for ever: their names change with their content. */
const LASTING = '/assets/';
/** What else is at this origin; everything without a dot is a page of the console. */
const OTHERS = /^\/(graphql|health|auth|metrics)(\/|$)/;

type File = { readonly type: string; readonly content: Buffer; readonly br?: Buffer; readonly gzip?: Buffer };

/** Where the console is once it is built: beside the compiled programs. */
export const CONSOLE_FOLDER = join(import.meta.dirname, '../../../console');

/** What the console asks; nothing where it is not built. An installation that answers a list alone answers these too. */
export const consoleDocuments = (folder: string): readonly string[] => {
  const file = join(folder, 'documents.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly string[]) : [];
};

/**
 * Serves the console's files, compressed as they were built, under its policy; leaves all else to others.
 * @returns null where the console is not built
 */
export const consoleFiles = (folder: string): RequestHandler | null => {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const files = filesIn(folder);
  return (request: Request, response: Response, next: NextFunction): void => {
    const { method, path } = request;
    const file = files.get(path) ?? (isPage(request) ? files.get('/index.html') : undefined);
    if (!file || (method !== 'GET' && method !== 'HEAD')) return next();
    const [encoding, content] = encoded(file, request);
    response.set(HEADERS).set({
      'content-type': file.type,
      'cache-control': path.startsWith(LASTING) ? 'public, max-age=31536000, immutable' : 'no-store',
      vary: 'accept-encoding',
      ...(encoding && { 'content-encoding': encoding }),
    });
    response.end(method === 'HEAD' ? undefined : content);
  };
};

const isPage = ({ path, headers }: Request): boolean =>
  // Nothing else stands at the root: whoever looks there with a command line finds something too.
  path === '/' || (!path.includes('.') && !OTHERS.test(path) && (headers.accept ?? '').includes('text/html'));

/** By names alone: no path of a request is ever looked up on the disk. */
const filesIn = (folder: string): ReadonlyMap<string, File> => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const read = (name: string): Buffer | undefined =>
    names.includes(name) ? readFileSync(join(folder, name)) : undefined;
  return new Map(
    names.flatMap((name): [string, File][] => {
      const type = TYPES[extname(name)];
      if (type === undefined) return [];
      const [br, gzip] = [read(`${name}.br`), read(`${name}.gz`)];
      return [
        [`/${name}`, { type, content: readFileSync(join(folder, name)), ...(br && { br }), ...(gzip && { gzip }) }],
      ];
    }),
  );
};

const encoded = ({ content, br, gzip }: File, { headers }: IncomingMessage): [string | null, Buffer] => {
  const accepted = String(headers['accept-encoding'] ?? '');
  if (br && /\bbr\b/.test(accepted)) return ['br', br];
  return gzip && /\bgzip\b/.test(accepted) ? ['gzip', gzip] : [null, content];
};
