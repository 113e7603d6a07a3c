import { inFile } from '../guard.js';

const GRAPHQL = 'libs/foundation/graphql/src';
const SERVER = 'libs/foundation/server/src';
const DRIVER = `${SERVER}/yoga-driver.spec`;
const HARDENING = 'test/acceptance/nodes.spec';
const READ_MODELS = 'libs/adapters/read-store-postgres/src/read-models.spec';
const CHANGES = `${GRAPHQL}/changes.spec`;
/** A file whose spec stands beside it. */
const ofFile = (path: string) => inFile(`${path}.ts`, `${path}.spec`);
const changes = ofFile(`${GRAPHQL}/changes`);
const pending = inFile(`${GRAPHQL}/pending-changes.ts`, CHANGES);
const memory = inFile(`${GRAPHQL}/subscriber-memory.ts`, CHANGES);
const state = inFile('libs/foundation/eventing/src/row-state.ts', CHANGES);
const lists = inFile(`${GRAPHQL}/connections.ts`, READ_MODELS);
const token = ofFile(`${GRAPHQL}/opaque-tokens`);
const caller = ofFile(`${GRAPHQL}/caller`);
const headers = ofFile(`${SERVER}/request-headers`);
const guard = inFile(`${SERVER}/guards.ts`, DRIVER);
const driver = ofFile(`${SERVER}/yoga-driver`);
const limit = inFile(`${SERVER}/limits.ts`, HARDENING);
const cost = ofFile(`${SERVER}/limits`);
const allowance = inFile(`${SERVER}/allowance.ts`, DRIVER);
const connections = inFile(`${SERVER}/open-connections.ts`, DRIVER);
const session = ofFile(`${SERVER}/console-session`);
const documents = inFile(`${SERVER}/trusted-documents.ts`, DRIVER);
const validation = ofFile(`${GRAPHQL}/validation`);
const marking = ofFile(`${GRAPHQL}/marking.graphql`);

/** What stands between the network and the capabilities. */
export const transportGuards = [
  inFile(`${GRAPHQL}/commands.ts`, 'test/acceptance/bad-input.spec')(
    'nobody gives a command under an id of the platform’s own',
    'isPlatformCommandId(input.commandId)',
    "input.commandId === ''",
    { tests: 'platform’s own' },
  ),
  headers(
    'a purpose that there is not is refused, and never read as reading',
    'purposes.some((purpose) => !PURPOSES.some((each) => each === purpose)) ||',
    '',
  ),
  headers('one purpose is said, and not two', ' || new Set(purposes).size > 1', ''),
  headers(
    'a misspelt name of ours is refused',
    'if (name === undefined)\n      throw badInput',
    'if (name === undefined) continue;\n    if (name === undefined)\n      throw badInput',
  ),
  changes(
    'rights are asked again at each delivery',
    'if (!isDeepStrictEqual(told.reader, reader)) {\n        waiting.fallBehind();\n        return standing;\n      }',
    '',
  ),
  changes(
    'what changes for others is silent',
    'if (known !== told.shown(change.key, change.after, reader)) concerning',
    'concerning',
  ),
  changes('what is shown as before is not told again', 'if (concerning.get(change) === shown) told', 'if (false) told'),
  changes('what was missed for others is silent too', 'if (known === shown) continue;', ''),
  changes(
    'what a reader could see is asked with the rights that it had',
    'told.known(key, before, reader, to.reader)',
    'told.known(key, before, to.reader)',
  ),
  changes(
    'a record that came while the reader had lost the right is not named',
    'for (const { key } of page) moved.delete(key);',
    '',
  ),
  changes(
    'a right that goes is noticed at once, and not at the next change',
    'waiting.isBehind || !isDeepStrictEqual(told.reader, standing.reader)',
    'waiting.isBehind',
  ),
  changes(
    'a reader is told what it loses with its rights',
    '[...lost.map((key) => [key, SEEN] as const), ...gained',
    '[...lost.slice(lost.length).map((key) => [key, SEEN] as const), ...gained',
  ),
  changes(
    'a cursor resumes the subscription that it is of',
    'opened.length !== place.length + 2 || place.some((each, index) => each !== opened[index])',
    'opened.length !== place.length + 2',
  ),
  changes('a cursor is of the person that it was given to', '  identity!.person,\n', "  '',\n"),
  changes('a cursor is of one capacity', "  identity!.actingFor ?? '',\n", "  '',\n"),
  changes('a cursor is of one purpose', "  who.exports ? 'EXPORT' : 'READ',\n", "  'READ',\n"),
  pending('a subscription hears of its own view', 'change.view === this.view && change', 'change'),
  pending('a subscription wakes when its token ends', 'await this.#newsOr(until)', 'await this.#news.promise'),
  memory(
    'what another party is let in to is no change for a reader',
    '{ ...shownMarking(marking, who, now), mayExport }',
    '{ ...shownMarking(marking, who, now), mayExport, marking }',
  ),
  state('a row is seen by whom its marking admits', 'if (!admits(terms, reader, at)) return false;', ''),
  state('a part is seen within its whole', '|| isAdmitted(within, reader, at)', '|| isAdmitted !== undefined'),

  lists(
    'a cursor is of one list, in one order',
    "const question = [view.name, order?.field ?? '', order?.direction ?? ''];",
    "const question = ['', '', ''];",
  ),
  lists('a cursor is of one order', "order?.field ?? '', order?.direction ?? ''];", "'', ''];"),
  lists('a page has a size', 'if (first < 1 || first > PAGE.most) throw', 'if (first === 0) throw'),

  token(
    'a token that was changed is refused',
    'const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);',
    'const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16))]);',
  ),
  token('a token is spelt in one way', " || bytes.toString('base64url') !== token", ''),
  token(
    'a token is of one purpose',
    '        .setAAD(Buffer.from(purpose))\n        .setAuthTag',
    '        .setAAD(Buffer.from(`place`))\n        .setAuthTag',
  ),
  token(
    'a token is as long for a small number as for a large one',
    'text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK)',
    'text',
  ),
  token(
    'equal content has equal tokens',
    "createHmac('sha256', derivation).update(`${purpose}\\0`)",
    "createHmac('sha256', String(performance.now())).update(`${purpose}\\0`)",
  ),
  token('a sealing key is long enough', 'if (key.length !== 32) throw', 'if (key.length === 0) throw'),

  caller('a token holds until its end', ' || this.identity.expiresAt.getTime() <= Date.now()', ''),
  caller('a request is made in one capacity', 'named.length === 0 ? identity', 'named.length !== 1 ? identity'),
  caller(
    'nested fields give so many records and no more',
    'if (this.#spent > MAX_NESTED) throw tooMuchNested(MAX_NESTED);',
    '',
  ),
  caller('answers of one moment are not kept for the next', '{ cache: false }', '{ cache: true }'),

  guard(
    'in production nothing is answered to a GET',
    "if (request.method === 'GET' || request.method === 'HEAD')",
    "if (request.method === 'HEAD')",
  ),
  guard('only JSON is read', "if (type !== 'application/json') endResponse(failed(mediaType(), request));", '', {
    specs: [HARDENING],
    tests: 'by POST executes nothing',
  }),
  guard(
    'a token that is sent must hold',
    'if (token === null) throw unauthenticated();\n    identity = await tokens.verify(token, log.remark);',
    "identity = await tokens.verify(token ?? 'anna', log.remark);",
  ),
  guard(
    'whoever does not prove who they are takes from one allowance',
    '    await allowance.take(null);\n    // After',
    '    // After',
  ),
  guard('a person’s requests are counted', '  await allowance.take(identity.person);\n', ''),
  guard(
    'in production nobody asks without a token',
    'if (header === null && !inSession && development) await',
    'if (header === null && !inSession) await',
  ),
  guard(
    'a session serves no page but the console',
    'if (inSession && !isOfTheConsole(request)) throw foreignPage();',
    '',
    { tests: 'browser’s session' },
  ),
  guard(
    'a session and a token are not sent together',
    'if (cookie !== null && header !== null) throw foreignPage();',
    '',
    { tests: 'browser’s session' },
  ),
  guard('a session that is over answers nobody', 'if (identity === null) throw unauthenticated();', '', {
    tests: 'browser’s session',
  }),
  connections(
    'streams end with the session that they were opened in',
    "if (listener.identity.session === session) listener.end('expired');",
    '',
    { tests: 'browser’s session' },
  ),
  session('a page of the same site is not the console', "if (site !== null) return site === 'same-origin';", ''),
  session(
    'a form is not the console',
    "if (!/^application\\/json\\s*(;|$)/i.test(headers.get('content-type') ?? '')) return false;",
    '',
  ),
  session('a link is not the console', "method !== 'POST' || ", ''),
  guard(
    'no operation runs without who is signed in',
    'if (!contextValue.caller.isSignedIn && !asksForSchemaOnly(document)) throw unauthenticated();',
    '',
  ),
  guard(
    'no operation runs in a capacity that its caller does not have',
    'if (contextValue.caller.isActingForOthers) void contextValue.caller.who;',
    '',
  ),
  guard(
    'without a token, the schema alone is told',
    "each.kind === Kind.FIELD && each.name.value.startsWith('__')",
    'each.kind === Kind.FIELD',
  ),
  guard(
    'in production the schema is told to people with a role',
    'asksForSchema(document) && contextValue.caller.who.roles.length === 0',
    'false',
  ),
  guard('names are not suggested', "error.message = error.message.replace(/ Did you mean .*\\?$/s, '');", '', {
    tests: 'is what it may have meant',
  }),
  guard(
    'text that cannot be kept is refused',
    "=> !text.includes('\\0') && text.isWellFormed();",
    '=> text.length >= 0;',
    { specs: ['test/acceptance/bad-input.spec'], tests: 'characters that cannot be kept|no store could answer' },
  ),
  guard(
    'a stream ends with its reader’s token and rights',
    'stream.endWith({ errors: [reasons',
    'void ({ errors: [reasons',
  ),
  guard(
    'a person has so many streams and no more',
    'if (leave === null) void source.return?.();\n      setResult((leave === null ? { errors: [tooManyConnections(LIMITS.connections)] } : stream) as never);',
    'setResult(stream as never);',
  ),
  guard(
    'the status of an answer is not told twice',
    'const { http: _, ...extensions } = error.extensions;',
    'const { ...extensions } = error.extensions;',
  ),

  driver('in production nothing but POST is answered', '...(development ? [] : [postOnly()]),', ''),
  driver('in production the schema is not for everybody', '...(development ? [] : [schemaForRoles()]),', ''),
  driver(
    'only trusted documents are answered over HTTP',
    'documents ? trustedOnly(documents) : noPersistedQueries(),',
    'noPersistedQueries(),',
  ),
  driver(
    'only trusted documents are answered over sockets',
    'options.documents?.textOf(params) ?? params.query',
    'params.query',
  ),
  driver(
    'a socket carries so many operations and no more',
    'if (Object.keys(subscriptions).length > LIMITS.subscriptions) throw tooManyOperations(LIMITS.subscriptions);',
    '',
  ),
  driver(
    'operations over a socket are counted',
    '            await allowance.take(extra.asking!.identity!.person);\n',
    '',
  ),
  driver(
    'a person has so many sockets and no more',
    'if (leave === null) throw tooManyConnections(LIMITS.connections);',
    'if (leave === null) return true;',
  ),
  driver(
    'a socket is closed when its token or its rights end',
    "socket.close(CloseCode.Forbidden, why === 'expired' ? 'Token expired' : 'Rights revoked'),",
    'undefined,',
  ),
  driver('a message has a size', 'noServer: true, maxPayload: LIMITS.bytes', 'noServer: true', {
    specs: [HARDENING],
    tests: 'refuses a message that is larger',
  }),
  driver('a body has a size', '      maxRequestBodySize: LIMITS.bytes,\n', '', {
    specs: [HARDENING],
    tests: 'limit of size',
  }),
  driver('a request is one operation', '      batching: false,\n', '      batching: true,\n', {
    specs: [HARDENING],
    tests: 'one operation, not a list',
  }),
  driver(
    'a socket is opened at the address of the API',
    "if (request.url?.split('?')[0] !== path) return (socket as { destroy(): void }).destroy();",
    '',
    { specs: [HARDENING], tests: 'at the address of the API only' },
  ),

  limit('a question has a depth', '    maxDepth: { n: LIMITS.depth, onReject },', '    maxDepth: { enabled: false },', {
    tests: 'limit of depth',
  }),
  limit(
    'a question has so many aliases',
    '    maxAliases: { n: LIMITS.aliases, allowList: [], onReject },',
    '    maxAliases: { enabled: false },',
    { tests: 'limit of aliases' },
  ),
  limit(
    'a question has so many directives',
    '    maxDirectives: { n: LIMITS.directives, onReject },',
    '    maxDirectives: { enabled: false },',
    { tests: 'limit of directives' },
  ),
  limit(
    'a question has so many tokens',
    '    maxTokens: { n: LIMITS.tokens, onReject },',
    '    maxTokens: { enabled: false },',
    { tests: 'limit of tokens' },
  ),
  limit('a question has so many fields', 'if (fields > LIMITS.fields) throw', 'if (fields < 0) throw', {
    tests: 'limit of fields',
  }),
  limit('a question has a cost', 'if (cost > LIMITS.cost)', 'if (cost < 0)', { tests: 'limit of cost' }),
  cost('lists within lists multiply', 'times * (1 + this.of(', 'times + (1 + this.of('),
  cost('a list without pages counts as ten', 'page ?? USUAL_LIST) : 1', 'page ?? 1) : 1'),
  cost('each id that is asked for counts', 'this.#ids(node) ?? page', 'page'),
  cost('what is no page counts as the largest', '? first : PAGE.most;', '? first : 1;'),
  cost(
    'fragments cost what is in them',
    'if (each.kind === Kind.FRAGMENT_SPREAD) sum += this.#fragment(each.name.value, page);',
    'if (each.kind === Kind.FRAGMENT_SPREAD) sum += 0;',
  ),

  allowance('whoever asks too often waits', 'throw rateLimited(Math.ceil(refused.msBeforeNext / 1000));', 'return;'),
  allowance('each person has an allowance of their own', 'consume(person ?? STRANGERS)', 'consume(STRANGERS)'),
  connections(
    'a person has so many connections open and no more',
    'if (ofPerson.length >= LIMITS.connections) {',
    'if (ofPerson.length < 0) {',
  ),
  connections('a connection ends with its token', "() => listener.end('expired')", '() => undefined'),
  connections('a connection ends with the last role', '(standing.hasRole && !now.hasRole) || ', ''),
  connections(
    'a connection ends when its country is no member any more',
    ' || (standing.isMember && !now.isMember)',
    '',
  ),
  connections(
    'a connection ends with the mandate that it is under',
    'return isOver ? { hasRole: false, isMember: false } : null;',
    'return null;',
  ),
  connections('a connection that is left makes room', 'this.#open.delete(listener);', ''),
  documents(
    'a document that is not on the list is not answered',
    'if (text === undefined) throw badDocument();',
    "if (text === undefined) return query ?? '';",
  ),

  validation(
    'an input holds what its values may be',
    'if (error instanceof InvalidValue) return error.message;',
    'if (error instanceof InvalidValue) return null;',
  ),
  validation('each item of a list is looked at', 'value.map(problem)', 'value.slice(0, 1).map(problem)'),
  validation(
    'a value is text',
    "if (typeof value !== of) return of === 'string' ? 'must be text' : 'must be a whole number';",
    "if (typeof value !== 'string') return null;",
  ),

  marking(
    'whom a record is released to is told to its owner alone',
    '(isOwn ? audiences.map(audienceName) : null)',
    'audiences.map(audienceName)',
  ),
  marking(
    'whom a record is released to is told to nobody under a mandate',
    'who.mandate === null && marking.owner',
    'marking.owner',
  ),
  marking(
    'when a record opens is told to its owner alone',
    'embargoUntil: isOwn ? (marking.embargoUntil ?? null) : null',
    'embargoUntil: marking.embargoUntil ?? null',
  ),
  marking(
    'when a record expires is told to its owner alone',
    'expiresAt: isOwn ? (marking.expiresAt ?? null) : null',
    'expiresAt: marking.expiresAt ?? null',
  ),
  marking(
    'what is for totals only is told to its owner alone',
    'aggregateOnly: isOwn ? (marking.aggregateOnly ?? false) : null',
    'aggregateOnly: marking.aggregateOnly ?? false',
  ),
];
