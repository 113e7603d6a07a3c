import { describe, it } from '@jest/globals';
import type { RecordId } from '@kernel';
import { JP, markedFor, person, RECORD, specify } from '@kernel/testing';
import type { AlertTakingEvent } from './alert-taking.events.js';
import { alertTakingRecordType } from './alert-taking.record.js';

const liaison = person(JP, 'LIAISON');
const as = { person: liaison.person, country: JP, roles: ['LIAISON'] } as const;
const given = { alerts: [RECORD] as readonly RecordId[], answer: 'ACKNOWLEDGED' } as const;
const marking = { ...markedFor(JP), ownerPerson: liaison.person };
const fact: AlertTakingEvent = { type: 'alerts.AlertAnswered.v1', data: { ...given, as, marking } };
const taking = specify(alertTakingRecordType);
const answer = { type: 'AnswerAlerts', ...given } as const;

describe('What somebody does with alerts', () => {
  it('is the person’s alone', () => {
    taking.given().when(answer, liaison).then(fact);
    const { marking: _, ...more } = fact.data;
    taking
      .given(fact)
      .when(answer, liaison)
      .then({ ...fact, data: more });
  });
  it('names a role where they are passed on, and nowhere else', () => {
    taking
      .given()
      .when({ ...answer, answer: 'ESCALATED' }, liaison)
      .thenRejected('ALERTS.TO_WHOM');
    taking
      .given()
      .when({ ...answer, to: 'DELEGATE' }, liaison)
      .thenRejected('ALERTS.TO_WHOM');
    taking
      .given(fact)
      .when({ ...answer, answer: 'ESCALATED', to: 'DELEGATE' }, liaison)
      .then({ type: 'alerts.AlertAnswered.v1', data: { ...given, answer: 'ESCALATED', to: 'DELEGATE', as } });
  });
});
