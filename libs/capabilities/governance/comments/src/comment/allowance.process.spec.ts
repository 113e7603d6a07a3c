import type { Issued, StoredEvent } from '@foundation/eventing';
import { describe, expect, it } from '@jest/globals';
import { anHourAfter, hoursAfter, platformFor, type Instant } from '@kernel';
import { JP, NOW, person, RECORD, recorded } from '@kernel/testing';
import { AN_HOUR, CommentAllowance } from './allowance.process.js';
import { commentRecordType } from './comment.record.js';

const author = person(JP, 'LIAISON');
const issued = (commandId: string, type = 'WriteComment', who = author): Issued =>
  ({ recordType: commentRecordType, command: { type, id: RECORD }, who, commandId, correlationId: 'c' }) as Issued;
const written = (commandId: string, recordedAt: Instant = NOW, actor = author.person): StoredEvent =>
  ({
    ...recorded({ type: 'comments.CommentWritten.v1', data: {} }),
    ...{ recordedAt, metadata: { actor, commandId } },
  }) as unknown as StoredEvent;

describe('What a person may write in an hour', () => {
  const clock = { now: NOW };
  const allowance = new CommentAllowance(() => clock.now);
  for (let index = 0; index < AN_HOUR - 1; index++) allowance.note(written(`c${index}`));

  it('is a hundred comments', async () => {
    expect(await allowance.before(issued('one'))).toBeNull();
    allowance.note(written('one'));
    expect(await allowance.before(issued('other'))).toMatchObject({ code: 'COMMENTS.FLOOD' });
  });
  it('is counted for each person, and for people alone', async () => {
    expect(await allowance.before(issued('other', 'WriteComment', person(JP, 'LIAISON', 'b')))).toBeNull();
    expect(await allowance.before(issued('other', 'WriteComment', platformFor(JP)))).toBeNull();
  });
  it('keeps back nothing else, and nothing that is sent again', async () => {
    expect(await allowance.before(issued('other', 'WithdrawComment'))).toBeNull();
    expect(await allowance.before(issued('one'))).toBeNull();
  });
  it('comes back after an hour', async () => {
    clock.now = anHourAfter(NOW);
    await allowance.act();
    expect(await allowance.before(issued('other'))).toBeNull();
    allowance.note(written('old', hoursAfter(NOW, -1n)));
    expect(await allowance.before(issued('other'))).toBeNull();
  });
});
