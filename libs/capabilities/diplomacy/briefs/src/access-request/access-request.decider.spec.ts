import { describe, expect, it } from '@jest/globals';
import { materialCode, type Audience } from '@kernel';
import { JP, markedFor, person, RECORD, specify, US } from '@kernel/testing';
import { accessRequestRecordType } from './access-request.record.js';
import type { AccessRequestEvent, Answer, Wish } from './access-request.events.js';

const wish: Wish = { of: JP, subject: 'stocks', material: materialCode('gallium'), reason: 'a joint reserve' };
const marking = markedFor(US, 'country:JP' as Audience);
const american = person(US, 'LIAISON');
const japanese = person(JP, 'LIAISON');
const ask = { type: 'RequestAccess', ...wish } as const;
const asked: AccessRequestEvent = { type: 'briefs.AccessRequested.v1', data: { ...wish, marking } };
const answer = (said: Answer, note?: string) =>
  ({ type: 'AnswerAccessRequest', id: RECORD, answer: said, ...(note && { note }) }) as const;
const answered = (said: Answer, note?: string): AccessRequestEvent => ({
  type: 'briefs.AccessRequestAnswered.v1',
  data: { answer: said, ...(note && { note }) },
});
const request = specify(accessRequestRecordType);

describe('An access request', () => {
  it('is taken as it is asked', () => request.given().when(ask, american, { marking }).then(asked));
  it('names no record, and so confirms none', () => {
    expect(accessRequestRecordType.refersTo).toBeUndefined();
    expect(accessRequestRecordType.targetOf(ask, US)).toEqual({ fresh: true });
  });
  it('is not made of oneself', () =>
    request
      .given()
      .when({ ...ask, of: US }, american, { marking })
      .thenRejected('REQUESTS.OWN_PARTY'));
  it('is between the two parties, and stays so', () => {
    expect(accessRequestRecordType.defaultMarking!(ask, RECORD)).toEqual({ releaseTo: ['country:JP'] });
    expect(accessRequestRecordType.defaultMarking!({ ...ask, of: 'SECRETARIAT' }, RECORD)).toEqual({
      releaseTo: ['SECRETARIAT'],
    });
    expect(accessRequestRecordType.defaultMarking!(answer('GRANTED'), RECORD)).toEqual({});
    expect(accessRequestRecordType.isMarkingFixed).toBe(true);
  });
});

describe('The answer', () => {
  it('is given, and may be another one later', () => {
    request.given(asked).when(answer('DECLINED', 'not now'), japanese).then(answered('DECLINED', 'not now'));
    request.given(asked, answered('DECLINED')).when(answer('GRANTED'), japanese).then(answered('GRANTED'));
    request
      .given(asked, answered('GRANTED'))
      .when(answer('GRANTED', 'today'), japanese)
      .then(answered('GRANTED', 'today'));
  });
  it('is recorded once', () =>
    request.given(asked, answered('GRANTED', 'today')).when(answer('GRANTED', 'today'), japanese).thenNothing());
  it('to what was not asked is rejected', () =>
    request.given().when(answer('GRANTED'), japanese).thenRejected('REQUESTS.NOT_FOUND'));
  it('is to the request that it names', () =>
    expect(accessRequestRecordType.targetOf(answer('GRANTED'), JP)).toEqual({ id: RECORD }));
});
