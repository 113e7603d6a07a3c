import { createHash, timingSafeEqual } from 'node:crypto';

import { status as Code, type Metadata } from '@grpc/grpc-js';

import { isMetastream, originalOf } from './event.js';
import type { EventLog } from './event-log.js';
import { accessDenied, Failure } from './failure.js';
import type { AccessList } from './stream-settings.js';

const ADMINISTRATORS = '$admins';
const OPERATORS = '$ops';
const EVERYONE = '$all';

/** A caller: names by which access lists know it. Undefined for one without credentials. */
type Caller = { names: string[] } | undefined;

export type Action = 'read' | 'write' | 'delete';

/** Decides who may do what, by EventStoreDB's rules: `$acl` of the stream, else all users, else administrators for system streams. */
export class Authorization {
  readonly #users: Map<string, { secret: Buffer; names: string[] }>;

  /**
   * @param passwords of the users `admin` and `ops`; undefined switches all checks off, as on a plaintext connection,
   *   over which the official client sends no credentials.
   */
  constructor(
    private readonly log: EventLog,
    private readonly passwords: { admin: string; ops: string } | undefined,
  ) {
    this.#users = new Map([
      ['admin', { secret: digest(passwords?.admin ?? ''), names: ['admin', ADMINISTRATORS] }],
      ['ops', { secret: digest(passwords?.ops ?? ''), names: ['ops', OPERATORS] }],
    ]);
  }

  /** @throws Failure UNAUTHENTICATED for a wrong password, PERMISSION_DENIED where the caller may not do this. */
  require(metadata: Metadata, action: Action, stream: string): void {
    if (!this.passwords) return;
    const caller = this.authenticate(metadata);
    if (!caller) throw accessDenied();
    if (caller.names.includes(ADMINISTRATORS)) return;
    if (stream === '$all') throw accessDenied();
    const original = isMetastream(stream) ? originalOf(stream) : stream;
    const entry: keyof AccessList = !isMetastream(stream) ? action : action === 'read' ? 'metaRead' : 'metaWrite';
    const allowed = this.log.settingsOf(original).access[entry] ?? [
      original.startsWith('$') ? ADMINISTRATORS : EVERYONE,
    ];
    if (!allowed.some((name) => name === EVERYONE || caller.names.includes(name))) throw accessDenied();
  }

  /** Who calls. @throws Failure UNAUTHENTICATED for a wrong password. */
  authenticate(metadata: Metadata): Caller {
    if (!this.passwords) return undefined;
    const [header] = metadata.get('authorization');
    if (header === undefined) return undefined;
    const [, encoded] = /^Basic (.+)$/i.exec(header.toString()) ?? [];
    const text = Buffer.from(encoded ?? '', 'base64').toString();
    const colon = text.indexOf(':');
    const user = this.#users.get(text.slice(0, Math.max(0, colon)));
    if (!user || !timingSafeEqual(user.secret, digest(text.slice(colon + 1)))) {
      throw new Failure(Code.UNAUTHENTICATED, 'The user name or password is wrong.');
    }
    return { names: user.names };
  }
}

function digest(password: string): Buffer {
  return createHash('sha256').update(password).digest();
}
