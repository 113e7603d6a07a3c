import { describe, expect, it } from '@jest/globals';
import { fold, type Audience, type Instant, type Marking, type RecordId } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, specify, US } from '@kernel/testing';
import { useRequestRecordType } from './use-request.record.js';
import { derivationApprovalOf } from './use-request.record.js';
import type { Purpose, Use, UseRequestEvent } from './use-request.events.js';

const SOURCE = RECORD.replace(/1$/, '2') as RecordId;
const [ours, theirs, strange] = ['a', 'b', 'c'].map(
  (end): Audience => `group:${RECORD.replace(/1$/, end) as RecordId}`,
) as [Audience, Audience, Audience];
const use: Use = {
  source: { kind: 'STOCK_DECLARATION', id: SOURCE },
  purpose: 'QUOTE',
  audience: ['MEMBERS', ours],
  explanation: 'for the ministers',
};
const marking = markedFor(US, 'country:JP' as Audience);
const known = { marking: markedFor(US), references: [{ marking: markedFor(JP, 'MEMBERS') }] };
const american = { ...person(US, 'LIAISON'), audiences: [...person(US, 'LIAISON').audiences, ours] };
const japanese = { ...person(JP, 'DELEGATE'), audiences: [...person(JP, 'DELEGATE').audiences, theirs] };
const ask = { type: 'RequestUse', ...use } as const;
const asked: UseRequestEvent = { type: 'briefs.UseRequested.v1', data: { ...use, sourceOwner: JP, marking } };
const approved = (audience: readonly Audience[] = use.audience, until?: Instant): UseRequestEvent => ({
  type: 'briefs.UseApproved.v1',
  data: { audience, ...(until && { until }) },
});
const refused: UseRequestEvent = { type: 'briefs.UseRefused.v1', data: { reason: 'not yet' } };
const withdrawn: UseRequestEvent = { type: 'briefs.UseWithdrawn.v1', data: {} };
const approve = { type: 'ApproveUse', id: RECORD } as const;
const refuse = { type: 'RefuseUse', id: RECORD, reason: 'not yet' } as const;
const withdraw = { type: 'WithdrawUse', id: RECORD } as const;
const [before, later] = ['2026-06-01T08:59:59.999Z', '2026-06-02T00:00:00.000Z'] as [Instant, Instant];
const request = specify(useRequestRecordType);

describe('A use request', () => {
  it('goes to the owner of the record, and is between the two of them', () =>
    request.given().when(ask, american, known).then(asked));
  it('asks of its readers the clearance that the record asks', () => {
    const secret: Marking = { ...markedFor(JP, 'MEMBERS'), level: 'SECRET' };
    request
      .given()
      .when(ask, american, { ...known, references: [{ marking: secret }] })
      .then({ ...asked, data: { ...asked.data, marking: { ...marking, level: 'SECRET' } } } as UseRequestEvent);
  });
  it('is not made of one’s own record', () =>
    request
      .given()
      .when(ask, american, { ...known, references: [{ marking: markedFor(US) }] })
      .thenRejected('USES.OWN_RECORD'));
  it('names no group that the asker does not belong to', () =>
    request
      .given()
      .when({ ...ask, audience: [theirs] }, american, known)
      .thenRejected('USES.UNKNOWN_AUDIENCE'));
  it('names a record that the asker can read', () =>
    expect(useRequestRecordType.refersTo!(ask)).toEqual([
      expect.objectContaining({
        category: 'stockDeclaration',
        at: { id: SOURCE },
        missing: expect.objectContaining({
          code: 'BRIEFS.SOURCE_NOT_FOUND',
          details: { field: 'source', value: SOURCE },
        }),
      }),
    ]));
  it('is withdrawn once', () => {
    request.given(asked, approved()).when(withdraw, american).then(withdrawn);
    request.given(asked, withdrawn).when(withdraw, american).thenNothing();
  });
  it.each([approve, refuse, withdraw])('that does not exist is not found: $type', (command) =>
    request.given().when(command, japanese).thenRejected('USES.NOT_FOUND'),
  );
});

describe('The owner', () => {
  it('approves of what was asked, or of something else', () => {
    request.given(asked).when(approve, japanese).then(approved());
    request
      .given(asked)
      .when({ ...approve, audience: ['PUBLIC'], until: later }, japanese)
      .then(approved(['PUBLIC'], later));
    request
      .given(asked, approved())
      .when({ ...approve, until: later }, japanese)
      .then(approved(use.audience, later));
    request
      .given(asked, approved(['MEMBERS']))
      .when({ ...approve, audience: [] }, japanese)
      .then(approved([]));
  });
  it('approves once of the same', () => {
    request.given(asked, approved()).when(approve, japanese).thenNothing();
    request
      .given(asked, approved(['MEMBERS'], later))
      .when({ ...approve, audience: ['MEMBERS'], until: later }, japanese)
      .thenNothing();
  });
  it('names groups that were asked for, or of its own, and no others', () => {
    request
      .given(asked)
      .when({ ...approve, audience: [ours, theirs] }, japanese)
      .then(approved([ours, theirs]));
    request
      .given(asked)
      .when({ ...approve, audience: [strange] }, japanese)
      .thenRejected('USES.UNKNOWN_AUDIENCE');
  });
  it('approves for a time that is still to come', () => {
    request
      .given(asked)
      .when({ ...approve, until: before }, japanese)
      .thenRejected('USES.UNTIL_IN_PAST');
    request
      .given(asked)
      .when({ ...approve, until: NOW }, japanese)
      .thenRejected('USES.UNTIL_IN_PAST');
  });
  it('refuses, takes back what it approved, and may approve again', () => {
    request.given(asked).when(refuse, japanese).then(refused);
    request.given(asked, approved()).when(refuse, japanese).then(refused);
    request.given(asked, refused).when(approve, japanese).then(approved());
    request.given(asked, approved(), refused).when(approve, japanese).then(approved());
    request.given(asked, refused, approved()).when(refuse, japanese).then(refused);
  });
  it('refuses once for the same reason', () => {
    request.given(asked, refused).when(refuse, japanese).thenNothing();
    request
      .given(asked, refused)
      .when({ ...refuse, reason: 'never' }, japanese)
      .then({ type: 'briefs.UseRefused.v1', data: { reason: 'never' } });
  });
  it('answers nothing that was withdrawn', () => {
    request.given(asked, withdrawn).when(approve, japanese).thenRejected('USES.WITHDRAWN');
    request.given(asked, withdrawn).when(refuse, japanese).thenRejected('USES.WITHDRAWN');
    request.given(asked, refused, withdrawn).when(refuse, japanese).thenRejected('USES.WITHDRAWN');
  });
});

describe('What a use request permits', () => {
  const permit = (...events: UseRequestEvent[]) => derivationApprovalOf(fold(useRequestRecordType.decider, events));
  const expected = { source: SOURCE, to: US, audience: use.audience, until: null };
  const of = (purpose: Purpose): UseRequestEvent => ({ ...asked, data: { ...asked.data, purpose } }) as UseRequestEvent;
  it('is what the owner approved, for the party that asked, the record and the time', () => {
    expect(permit(asked, approved())).toEqual(expected);
    expect(permit(of('DERIVE'), approved(['PUBLIC'], later))).toEqual({
      ...expected,
      audience: ['PUBLIC'],
      until: later,
    });
  });
  it('is nothing before it is approved, after it is taken back or withdrawn', () => {
    for (const events of [[], [asked], [asked, refused], [asked, approved(), refused], [asked, approved(), withdrawn]])
      expect(permit(...events)).toBeNull();
  });
  it('is nothing to quote where it is for forwarding', () => expect(permit(of('FORWARD'), approved())).toBeNull());
});
