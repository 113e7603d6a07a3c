import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { readDevelopmentClientId } from '@adapters/identity-oidc';
import { COUNTRIES } from '@kernel';
import { type Provider } from 'oidc-provider';

/** The countries of the demonstration's story, which the page shows first. */
const COUNTRIES_SHOWN = ['JP', 'EU', 'US', 'AU', 'FR', 'KZ', 'ZA', 'CA'];
const ROLES_SHOWN = ['LIAISON', 'DELEGATE', 'APPROVER', 'DELEGATE+APPROVER', 'OBSERVER'];
const ALLIANCE = ['-.SECRETARIAT.1', '-.SECRETARIAT.2', '-.AUDITOR.1'];

const SIGN_IN = /^\/interaction\/[\w-]{1,64}$/;
/** Longest body of the form, in bytes. */
const LONGEST = 500;

/** Answers `/interaction/<uid>` with made-up persons to sign in as; passes everything else on. */
export const interactions =
  (provider: Provider, others: RequestListener): RequestListener =>
  (request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    // Everybody begins anew: a browser at which several made-up persons sign in stays none of them.
    if (path.startsWith('/auth')) request.headers.cookie = withoutSession(request.headers.cookie);
    if (!SIGN_IN.test(path)) return others(request, response);
    void answer(provider, request, response).catch((error: Error) => {
      console.error('identity provider:', error.message);
      response.writeHead(400, { 'content-type': 'text/plain' }).end('This sign-in is over. Begin it anew.\n');
    });
  };

const withoutSession = (cookies = ''): string =>
  cookies
    .split('; ')
    .filter((each) => !each.startsWith('_session'))
    .join('; ');

const answer = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return page(response);
  const accountId = readDevelopmentClientId(new URLSearchParams(await bodyOf(request)).get('person') ?? '')?.subject;
  if (accountId === undefined) return page(response, 'There is no such person.');
  await provider.interactionFinished(request, response, { login: { accountId }, consent: {} });
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const part of request) {
    body += String(part);
    if (body.length > LONGEST) throw new Error('the form is too long');
  }
  return body;
};

const page = (response: ServerResponse, problem = ''): void => {
  response.writeHead(problem ? 400 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  });
  const named = new Map(COUNTRIES.map(({ code, name }) => [code, name]));
  const button = (id: string, text: string): string => `<button name="person" value="${id}">${text}</button>`;
  const rows = COUNTRIES_SHOWN.map(
    (code) =>
      `<tr><th scope="row">${named.get(code)}</th>${ROLES_SHOWN.map(
        (role) =>
          `<td>${[1, 2].map((n) => button(`${code}.${role.split('+').sort().join('+')}.${n}`, `${role.toLowerCase().replace('+', ' and ')} ${n}`)).join(' ')}</td>`,
      ).join('')}</tr>`,
  );
  response.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Development identity provider</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:24px;max-width:1100px}button{font:inherit;margin:2px;min-height:32px}
td,th{border-bottom:1px solid #999;padding:6px;text-align:start;vertical-align:top}.scroll{overflow-x:auto}</style></head>
<body><main><h1>Sign in as somebody made up</h1>
<p>These persons are made up, not real. This provider is for development and is refused in production.</p>
${problem && `<p role="alert"><strong>${problem}</strong></p>`}
<form method="post"><div class="scroll" tabindex="0" role="region" aria-label="Persons"><table>
<caption>Persons by country and role</caption>${rows.join('\n')}
<tr><th scope="row">The alliance</th><td colspan="${ROLES_SHOWN.length}">${ALLIANCE.map((id) =>
    button(id, id.slice(2).toLowerCase().replace('.', ' ')),
  ).join(' ')}</td></tr></table></div></form>
<form method="post"><p><label for="other">Somebody else, as COUNTRY.ROLE.NUMBER:</label>
<input id="other" name="person" value="DE.DELEGATE.1" autocomplete="off"> <button>Sign in</button></p></form>
</main></body></html>
`);
};
