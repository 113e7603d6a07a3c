import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { JP, markedFor } from '@kernel/testing';
import { committed, joined, parted, type Placed } from './binding.js';
import type { Metadata } from './event-store.js';
import { leafOf } from './leaf.js';
import { commitTo } from './salted-digest.js';

const metadata: Metadata = {
  actor: '00000000-0000-5000-8000-000000000003',
  party: 'JP',
  roles: ['DELEGATE'],
  commandId: '00000000-0000-4000-8000-000000000004',
  command: 'EndorseProject',
  correlationId: '00000000-0000-4000-8000-000000000005',
  causationId: '00000000-0000-4000-8000-000000000004',
  recordedAt: '2026-06-01T09:00:00.000Z' as Instant,
  policyVersion: 2,
  commandDigest: { alg: 'sha256-salted', salt: 'c2FsdA', digest: 'Y29tbWFuZA' },
  commitment: { alg: 'sha256-salted', salt: 'c2FsdHk', digest: 'Y29udGVudA' },
};
const first: Placed = {
  stream: 'project-00000000-0000-5000-8000-000000000001',
  revision: 3n,
  id: '00000000-0000-4000-8000-000000000002',
  type: 'projects.ProjectEndorsed.v1',
  metadata,
};
const second: Placed = {
  ...first,
  marking: markedFor(JP),
  metadata: {
    ...metadata,
    binding: { salt: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', secrets: 'c2VjcmV0cw' },
  },
};

describe('The leaf of an event', () => {
  it('of version 1 is this text for ever', () =>
    expect(leafOf(first)).toBe(
      '{"commandHash":"Y29tbWFuZA","eventId":"00000000-0000-4000-8000-000000000002","party":"JP",' +
        '"payload":{"alg":"sha256-salted","digest":"Y29udGVudA"},"policyVersion":2,"recordedAt":"2026-06-01T09:00:00.000Z",' +
        '"revision":"3","stream":"project-00000000-0000-5000-8000-000000000001","type":"projects.ProjectEndorsed.v1","v":1}',
    ));

  it('of version 2 is this text for ever', () =>
    expect(leafOf(second)).toBe(
      '{"commandHash":"Y29tbWFuZA","context":{"alg":"sha256-salted","digest":"EbEpDyuMUhbwQPeQMM6iKNU-wdrw6auqTkCZggwPWN4"},' +
        '"eventId":"00000000-0000-4000-8000-000000000002","party":"JP",' +
        '"payload":{"alg":"sha256-salted","digest":"Y29udGVudA"},"policyVersion":2,"recordedAt":"2026-06-01T09:00:00.000Z",' +
        '"revision":"3","stream":"project-00000000-0000-5000-8000-000000000001","type":"projects.ProjectEndorsed.v1","v":2}',
    ));

  it.each<[string, Partial<Metadata>]>([
    ['the person', { actor: 'another' }],
    ['the roles', { roles: ['DELEGATE', 'APPROVER'] }],
    ['the capacity', { capacity: { mandate: second.id as never, delegate: 'US' as never } }],
    ['the command', { command: 'WithdrawProject' }],
    ['the id of the command', { commandId: 'another' }],
    ['what led to it', { causationId: 'another' }],
    ['the request', { correlationId: 'another' }],
    ['a member that nobody knows', { further: 1 } as never],
  ])('is another one for %s', (_, other) =>
    expect(leafOf({ ...second, metadata: { ...second.metadata, ...other } })).not.toBe(leafOf(second)),
  );

  it('is another one under another marking, or without its binding', () => {
    expect(leafOf({ ...second, marking: { ...markedFor(JP), releaseTo: ['country:FR' as never] } })).not.toBe(
      leafOf(second),
    );
    expect(leafOf({ ...second, marking: undefined })).not.toBe(leafOf(second));
    const { binding: _, ...unbound } = second.metadata;
    expect(leafOf({ ...second, metadata: unbound })).not.toBe(leafOf(second));
  });

  it('holds neither content nor salt, nor who the person is, and is the same when these are sealed', () => {
    const { commitment: _, binding: __, ...noted } = second.metadata;
    const signed = { ...noted, commandDigest: commitTo('c'), signature: { kid: 'k', jws: 'a..b' } };
    const own = committed({ quantity: '1200.5' }, signed);
    const leaf = leafOf({ ...second, metadata: own });
    for (const hidden of [
      '1200.5',
      own.commitment.salt!,
      own.commandDigest.salt!,
      own.actor,
      'a..b',
      own.binding!.salt,
    ])
      expect(leaf).not.toContain(hidden);
    const { shown, secrets } = parted(own);
    expect(leafOf({ ...second, metadata: shown })).toBe(leaf);
    expect(joined(shown, secrets)).toEqual(own);
  });
});
