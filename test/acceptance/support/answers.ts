import type { RunningPlatform } from './platform.js';

/** Everything of an answer that a client could tell two answers apart by, but its time and its correlation id. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Differ between any two answers, whatever was asked. */
const OF_THE_REQUEST_ALONE = ['date', 'x-correlation-id'];

/** A person as the development identity provider knows one. */
export type Person = { readonly country: string | null; readonly roles: readonly string[]; readonly person?: string };

/** Sends a request as it stands, so that nothing of the answer is lost on the way. */
export const send = async (url: string, request: RequestInit): Promise<Answer> => {
  const response = await fetch(url, request);
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !OF_THE_REQUEST_ALONE.includes(name)));
  return { status: response.status, headers, body: await response.text() };
};

export type Asker = (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** Operations on behalf of a person, or of nobody, with the answer as it came over HTTP. */
export const asker = (platform: RunningPlatform, who: Person | null): Asker => {
  const token = who && platform.tokenOf(who);
  return async (query, variables = {}) =>
    send(platform.graphql, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
};

type Errors = readonly {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly field?: string };
}[];

export const errorsOf = ({ body }: Answer): Errors => (JSON.parse(body) as { errors?: Errors }).errors ?? [];

/** The code of the first error, if any. */
export const codeOf = (answer: Answer): string | undefined => errorsOf(answer)[0]?.extensions?.code;
