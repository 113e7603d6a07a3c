import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { leafOf, type LeafSource } from './leaf.js';
import { commitTo } from './salted-digest.js';

const source = (): LeafSource => ({
  stream: 'project-00000000-0000-5000-8000-000000000001',
  revision: 3n,
  id: '00000000-0000-4000-8000-000000000002',
  type: 'projects.ProjectEndorsed.v1',
  metadata: {
    recordedAt: '2026-06-01T09:00:00.000Z' as Instant,
    party: 'JP',
    policyVersion: 2,
    commandDigest: { alg: 'sha256-salted', salt: 'c2FsdA', digest: 'Y29tbWFuZA' },
    commitment: { alg: 'sha256-salted', salt: 'c2FsdHk', digest: 'Y29udGVudA' },
  },
});

describe('The leaf of an event', () => {
  it('is this text for ever', () =>
    expect(leafOf(source())).toBe(
      '{"commandHash":"Y29tbWFuZA","eventId":"00000000-0000-4000-8000-000000000002","party":"JP",' +
        '"payload":{"alg":"sha256-salted","digest":"Y29udGVudA"},"policyVersion":2,"recordedAt":"2026-06-01T09:00:00.000Z",' +
        '"revision":"3","stream":"project-00000000-0000-5000-8000-000000000001","type":"projects.ProjectEndorsed.v1","v":1}',
    ));

  it('holds neither content nor salt, nor who the person is', () => {
    const { metadata, ...event } = source();
    const commitment = commitTo({ quantity: '1200.5' });
    const leaf = leafOf({ ...event, metadata: { ...metadata, commitment } });
    expect(leaf).not.toContain('1200.5');
    expect(leaf).not.toContain(commitment.salt);
    expect(leaf).not.toContain(metadata.commandDigest.salt);
    expect(JSON.parse(leaf)).not.toHaveProperty('actor');
  });
});
