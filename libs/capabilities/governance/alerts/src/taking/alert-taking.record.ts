import { accept, recordType, reject, type Given } from '@kernel';
import { signedInOf } from '../rule/alert-rule.events.js';
import { ofPerson, oneself } from '../setting/alert-setting.record.js';
import { taking, type AlertTakingEvent } from './alert-taking.events.js';

export const alertTakingRejections = {
  'ALERTS.NOT_FOUND': 'There are no such alerts of yours.',
  'ALERTS.TO_WHOM': 'Say to which role of your party you pass them: to is needed for ESCALATED, and for nothing else.',
} as const;

const takings = recordType<AlertTakingEvent, boolean>()({
  name: 'taking of alerts',
  category: 'alertTaking',
  rejections: alertTakingRejections,
  notFound: 'ALERTS.NOT_FOUND',
  isMarkingFixed: true,
  initial: false,
  evolve: { 'alerts.AlertAnswered.v1': () => true },
});

export const answerAlerts = takings.upsert({
  type: 'AnswerAlerts',
  description:
    'Say what you do with alerts: that you have seen them, see to them, are done with them, or pass them on. For whoever got them; of what a party got, everybody of the role that was told. An id that is none of yours changes nothing.',
  input: { description: 'Alerts of yours.', of: taking },
  may: [oneself],
  target: ofPerson,
  decide: (given, isThere, { who, marking }) => {
    if ((given.answer === 'ESCALATED') !== (given.to !== undefined)) return reject('ALERTS.TO_WHOM', { field: 'to' });
    return accept({
      type: 'alerts.AlertAnswered.v1',
      data: { ...given, as: signedInOf(who), ...(!isThere && { marking: { ...marking, ownerPerson: who.person } }) },
    });
  },
});

export const alertTakingRecordType = takings.withCommands(answerAlerts);
export type AlertTakingCommand = Given<(typeof alertTakingRecordType.commands)[number]>;
