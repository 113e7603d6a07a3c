/** Signs in as a browser does, by hand: what each answer sets, what each next request carries. */
export class Browserless {
  readonly #jar = new Map<string, Map<string, string>>();

  /** @param origin of the platform, without a path */
  constructor(readonly origin: string) {}

  /** The cookies of an origin, by name. */
  cookies(origin = this.origin): ReadonlyMap<string, string> {
    return this.#jar.get(origin) ?? new Map();
  }

  async get(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#jar.get(origin) ?? new Map<string, string>();
    this.#jar.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      if (value === '' || /max-age=0/i.test(set)) jar.delete(name!);
      else jar.set(name!, value!);
    }
    return response;
  }

  /** Goes on from a redirect until there is none; answers the last address and answer. */
  async follow(
    url: string,
    until: (url: string) => boolean = () => false,
  ): Promise<{ url: string; response: Response }> {
    let response = await this.get(url);
    while (response.status >= 300 && response.status < 400 && !until(url)) {
      url = new URL(response.headers.get('location')!, url).href;
      if (until(url)) break;
      response = await this.get(url);
    }
    return { url, response };
  }

  /** The address that the provider sends a person back to: the callback with its code, not yet asked. */
  async callbackFor(person: string, back = '/'): Promise<string> {
    const isCallback = (url: string): boolean => url.startsWith(`${this.origin}/auth/callback/`);
    const { url } = await this.follow(`${this.origin}/auth/start/development?return=${encodeURIComponent(back)}`);
    const response = await this.get(url, {
      method: 'POST',
      body: new URLSearchParams({ person }),
    });
    const next = new URL(response.headers.get('location')!, url).href;
    return (await this.follow(next, isCallback)).url;
  }

  /** Signs in; answers where the browser is sent. */
  async signIn(person: string, back = '/'): Promise<string> {
    const response = await this.get(await this.callbackFor(person, back));
    if (response.status !== 303) throw new Error(`${response.status}: ${await response.text()}`);
    return response.headers.get('location')!;
  }

  /** Asks as the console does. */
  async ask(query: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer }> {
    const response = await this.get(`${this.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'lodestone-console': '1',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }
}

type Answer = {
  readonly data?: Record<string, Record<string, unknown>>;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
};
