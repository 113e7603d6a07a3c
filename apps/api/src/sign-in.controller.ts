import { IssuerUnreachable, OidcSignIn, type Login, type WayIn } from '@adapters/identity-oidc';
import { PostgresSessions } from '@adapters/session-store-postgres';
import { BadToken, OpaqueTokens } from '@foundation/graphql';
import { cookieOf, isOfTheConsole, SESSION_COOKIE } from '@foundation/server';
import { Controller, Get, HttpCode, HttpException, Inject, Logger, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

/** The store of sessions, or null where the console has none. */
export const SESSION_STORE = Symbol('session store');
/** The origin at which people open the console, or null to take the host that they asked, on a development machine. */
export const CONSOLE_ORIGIN = Symbol('console origin');

/** The cookie of a sign-in under way: lax, since the provider's page sends the browser back, and for ten minutes. */
const LOGIN_COOKIE = '__Host-lodestone-login';
const LOGIN_SECONDS = 600;
const PURPOSE = 'sign-in';
const ATTRIBUTES = 'Secure; HttpOnly; Path=/';

/** Signing in and out with a browser. No token ever reaches it: the session is this process's. */
@Controller('auth')
export class SignInController {
  readonly #logger = new Logger('sign-in');

  constructor(
    private readonly signIn: OidcSignIn,
    private readonly seal: OpaqueTokens,
    @Inject(SESSION_STORE) private readonly sessions: PostgresSessions | null,
    @Inject(CONSOLE_ORIGIN) private readonly origin: string | null,
  ) {}

  /** The ways to sign in, for whoever has not. */
  @Get('ways')
  ways(@Res({ passthrough: true }) response: Response): readonly WayIn[] {
    response.set('cache-control', 'no-store');
    return this.sessions ? this.signIn.ways() : [];
  }

  /** Sends the browser to the provider. */
  @Get('start/:key')
  async start(
    @Param('key') key: string,
    @Query('return') back: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const started = this.sessions && (await this.#asked(this.signIn.start(key, this.#callback(request, key))));
    if (!started) throw new HttpException('There is no such way to sign in.', 404);
    const { login, url } = started;
    const until = Date.now() + LOGIN_SECONDS * 1_000;
    const content = [login.key, login.state, login.nonce, login.verifier, pathOf(back), until];
    response
      .set('cache-control', 'no-store')
      .append(
        'set-cookie',
        cookie(LOGIN_COOKIE, this.seal.close(PURPOSE, content), `SameSite=Lax; Max-Age=${LOGIN_SECONDS}`),
      )
      .redirect(303, url);
  }

  /** Where the provider sends the browser back to: the session begins. */
  @Get('callback/:key')
  async callback(@Param('key') key: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const under = this.#loginOf(request);
    // Used or not, it is good for one answer of the provider.
    response.set('cache-control', 'no-store').append('set-cookie', cookie(LOGIN_COOKIE, '', 'SameSite=Lax; Max-Age=0'));
    if (!this.sessions || under?.login.key !== key) throw refused();
    const url = new URL(`${this.#originOf(request)}${request.originalUrl}`);
    const remark = (msg: string): void => this.#logger.warn({ event: 'token.taken', msg: `token taken: ${msg}` });
    const { identity, issuer, sid } = await this.#asked(this.signIn.finish(url, under.login, remark));
    const { person, country, roles } = identity;
    // Never the one from before: nobody can have set it in advance.
    await this.#end(request);
    const value = await this.sessions.begin({ person, issuer, sid, country, roles }).catch(() => {
      throw new HttpException('The sessions cannot be reached now. Try again later.', 503);
    });
    response.append('set-cookie', cookie(SESSION_COOKIE, value, 'SameSite=Strict')).redirect(303, under.back);
  }

  /** Ends the session here and tells where to end it at the provider. */
  @Post('sign-out')
  @HttpCode(200)
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!isOfTheConsole({ method: request.method, headers: headersOf(request) }))
      throw new HttpException('Only the console signs out.', 403);
    const issuer = await this.#end(request);
    const next = issuer && (await this.signIn.endAt(issuer, `${this.#originOf(request)}/sign-in`));
    response
      .set('cache-control', 'no-store')
      .set('clear-site-data', '"cache", "storage"')
      .append('set-cookie', cookie(SESSION_COOKIE, '', 'SameSite=Strict; Max-Age=0'))
      .json({ next: next ?? '/sign-in' });
  }

  /** Ends the session that a request carries, if any. @returns its issuer */
  async #end(request: Request): Promise<string | null> {
    const value = cookieOf(headersOf(request));
    if (value === null || !this.sessions) return null;
    const session = await this.sessions.find(value);
    await this.sessions.end(value);
    return session?.issuer ?? null;
  }

  #loginOf(request: Request): { readonly login: Login; readonly back: string } | null {
    try {
      const content = this.seal.open(PURPOSE, cookieOf(headersOf(request), LOGIN_COOKIE) ?? '');
      const [key, state, nonce, verifier, back] = content.map(String) as [string, string, string, string, string];
      return Number(content[5]) > Date.now() ? { login: { key, state, nonce, verifier }, back } : null;
    } catch (error) {
      if (error instanceof BadToken) return null;
      throw error;
    }
  }

  #callback(request: Request, key: string): string {
    return `${this.#originOf(request)}/auth/callback/${key}`;
  }

  #originOf({ headers }: Request): string {
    return this.origin ?? `http://${headers.host}`;
  }

  async #asked<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof IssuerUnreachable) {
        this.#logger.error({ event: 'issuer.silent', msg: `${error.issuer} does not answer: ${error.reason}` });
        throw new HttpException('Your identity provider does not answer. Try again later.', 503);
      }
      const { reason = String(error) } = error as { reason?: string };
      this.#logger.warn({ event: 'token.refused', msg: `sign-in refused: ${reason}` });
      throw refused();
    }
  }
}

/** One answer for whatever is wrong; what it was is in the log. */
const refused = (): HttpException => new HttpException('This sign-in does not hold. Start again.', 400);

const headersOf = ({ headers }: Request) => ({
  get: (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  },
});

const cookie = (name: string, value: string, more: string): string => `${name}=${value}; ${ATTRIBUTES}; ${more}`;

/** Where to go after signing in: a path of ours, whatever somebody wrote into the address. */
export const pathOf = (back: unknown): string => {
  const text = typeof back === 'string' ? back : '';
  const url = URL.parse(text, 'http://console');
  const isOurs = url?.origin === 'http://console' && /^\/(?![/\\])/.test(text) && !text.startsWith('/auth/');
  return isOurs ? `${url.pathname}${url.search}` : '/';
};
