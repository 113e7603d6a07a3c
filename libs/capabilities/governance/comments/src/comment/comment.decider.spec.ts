import { describe, expect, it } from '@jest/globals';
import { isWithin, ownerAudience, type Marking, type RecordId } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import fc from 'fast-check';
import type { CommentEvent, CommentKind, CommentTarget } from './comment.events.js';
import { commentKind, TARGETS } from './comment.events.js';
import { commentRecordType } from './comment.record.js';

const ANOTHER = '00000000-0000-5000-8000-000000000002' as RecordId;
const OTHER_RECORD = '00000000-0000-5000-8000-000000000003' as RecordId;
const about = { kind: 'PROJECT', id: RECORD } as const;
const said = { about, kind: 'COMMENT', text: 'Words.' } as const;
const write = (more: object = {}) => ({ type: 'WriteComment', ...said, ...more }) as const;
const author = person(US, 'DELEGATE');
const target = markedFor(JP, 'MEMBERS');
const marking: Marking = { owner: US, releaseTo: ['PUBLIC'], handling: 'AMBER' };
const written: CommentEvent = { type: 'comments.CommentWritten.v1', data: { ...said, targetOwner: JP, marking } };
const on = (whole: Marking, ...more: Marking[]) => ({
  marking: { ...marking, handling: 'CLEAR' as const },
  references: [whole, ...more].map((each) => ({ marking: each })),
});
const { given } = specify(commentRecordType);
const answersTo = (kind: CommentKind, ...events: CommentEvent[]) => {
  const [, reference] = commentRecordType.refersTo!(write({ kind, replyTo: ANOTHER }));
  return reference!.rejectIf!(events.reduce(commentRecordType.decider.evolve, null) as never)?.code ?? null;
};

describe('A comment', () => {
  it('says what was said, beside which record, and whose that is', () =>
    given().when(write(), author, on(target)).then(written));

  it('is handled no more freely than its record, and needs as much clearance', () => {
    const secret: Marking = { ...target, handling: 'RED', level: 'SECRET', originatorControl: true };
    given()
      .when(write(), author, on(secret))
      .then({
        ...written,
        data: { ...written.data, marking: { ...marking, handling: 'RED', level: 'SECRET', originatorControl: true } },
      } as CommentEvent);
  });

  it('is read by nobody whom its record does not admit (X11)', () => {
    const levels = fc.constantFrom('OPEN', 'RESTRICTED', 'SECRET');
    const handlings = fc.constantFrom('RED', 'AMBER', 'GREEN', 'CLEAR');
    const audiences = fc.subarray(['PUBLIC', 'MEMBERS', 'country:KR', 'country:FR']);
    const wholes = fc.record({ owner: fc.constant(JP), releaseTo: audiences, handling: handlings, level: levels });
    const asked = fc.record({ owner: fc.constant(US), releaseTo: audiences, handling: handlings, level: levels });
    fc.assert(
      fc.property(wholes, asked, (whole, own) => {
        const context = { now: NOW, who: author, recordId: ANOTHER, history: [], ...on(whole as Marking) };
        const decision = commentRecordType.decider.decide({ ...write(), marking: own as Marking } as never, null, {
          ...context,
          marking: own as Marking,
        });
        const { marking: made } = (decision as unknown as { events: { data: { marking: Marking } }[] }).events[0]!.data;
        // A reader sees a part where both admit it: so what both release is what is read.
        const both: Marking = {
          ...made,
          releaseTo: made.releaseTo.filter((one) => (whole.releaseTo as unknown[]).includes(one)),
        };
        expect(isWithin(both, whole as Marking)).toBe(true);
      }),
    );
  });

  it.each(Object.keys(TARGETS) as CommentTarget[])('is of a kind that a %s takes', (kind) => {
    for (const each of Object.keys(commentKind.meanings) as CommentKind[]) {
      const command = write({ about: { kind, id: RECORD }, kind: each, replyTo: ANOTHER });
      const deciding = given().when(command, author, on(target, marking));
      if (!TARGETS[kind].kinds.includes(each)) deciding.thenRejected('COMMENTS.KIND_UNFIT');
      else expect(() => deciding.thenRejected('COMMENTS.KIND_UNFIT')).toThrow();
    }
  });

  it.each(['ANSWER', 'FOLLOW_UP'] as const)('names what it answers as an %s', (kind) =>
    given().when(write({ kind }), author, on(target)).thenRejected('COMMENTS.KIND_UNFIT'),
  );

  it('answers a comment on the same record that stands, and a question as an ANSWER', () => {
    const question = { ...written, data: { ...written.data, kind: 'QUESTION' } } as CommentEvent;
    const elsewhere = { ...written, data: { ...written.data, about: { ...about, id: OTHER_RECORD } } } as CommentEvent;
    expect(answersTo('FOLLOW_UP', written)).toBeNull();
    expect(answersTo('ANSWER', question)).toBeNull();
    expect(answersTo('ANSWER', written)).toBe('COMMENTS.KIND_UNFIT');
    expect(answersTo('FOLLOW_UP', elsewhere)).toBe('COMMENTS.NOT_FOUND');
    expect(answersTo('FOLLOW_UP', written, { type: 'comments.CommentHidden.v1', data: { reason: 'r' } })).toBe(
      'COMMENTS.WITHDRAWN',
    );
  });

  it('answers to those alone to whom the other was said, unless it says otherwise', () => {
    const answer = write({ kind: 'FOLLOW_UP', replyTo: ANOTHER });
    const made = (whole: Marking, more: object = {}): CommentEvent =>
      ({
        ...written,
        data: {
          ...said,
          kind: 'FOLLOW_UP',
          replyTo: ANOTHER,
          targetOwner: whole.owner,
          marking: { ...marking, ...more },
        },
      }) as CommentEvent;
    const toAmerica = markedFor(JP, 'country:US' as never);
    given().when(answer, author, on(target, marking)).then(made(target));
    given()
      .when(answer, author, on(target, toAmerica))
      .then(made(target, { releaseTo: [ownerAudience(JP)] }));
    const own = markedFor(US, 'country:KR' as never);
    given()
      .when(answer, author, on(target, own))
      .then(made(target, { releaseTo: own.releaseTo }));
    const asked = { ...answer, marking: { releaseTo: ['PUBLIC'] } } as typeof answer;
    given().when(asked, author, on(target, toAmerica)).then(made(target));
  });

  it('is taken back by its author, who may say why', () => {
    const withdraw = { type: 'WithdrawComment', id: RECORD } as const;
    given(written).when(withdraw, author).then({ type: 'comments.CommentWithdrawn.v1', data: {} });
    given(written)
      .when({ ...withdraw, reason: 'Overtaken.' }, author)
      .then({ type: 'comments.CommentWithdrawn.v1', data: { reason: 'Overtaken.' } });
  });

  it('is hidden by whose record it stands on, who says why', () => {
    const hide = { type: 'WithdrawComment', id: RECORD } as const;
    given(written).when(hide, person(JP, 'DELEGATE')).thenRejected('COMMENTS.REASON_MISSING');
    given(written)
      .when({ ...hide, reason: 'Names a person.' }, person(JP, 'DELEGATE'))
      .then({ type: 'comments.CommentHidden.v1', data: { reason: 'Names a person.' } });
  });

  it('is gone once', () => {
    const gone: CommentEvent = { type: 'comments.CommentWithdrawn.v1', data: {} };
    given(written, gone).when({ type: 'WithdrawComment', id: RECORD }, author).thenNothing();
    given().when({ type: 'WithdrawComment', id: RECORD }, author).thenRejected('COMMENTS.NOT_FOUND');
  });

  it('may stand beside the record of the party that writes it, and be the secretariat’s', () =>
    given()
      .when(write(), secretariat, { ...on(target), marking: { ...marking, owner: 'SECRETARIAT' } })
      .then({ ...written, data: { ...written.data, marking: { ...marking, owner: 'SECRETARIAT' } } } as CommentEvent));
});
