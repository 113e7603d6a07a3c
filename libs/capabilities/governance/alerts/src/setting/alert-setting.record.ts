import {
  accept,
  daysAfter,
  dayOf,
  inPerson,
  partyOf,
  recordType,
  reject,
  type Given,
  type Grant,
  type Party,
  type PersonRef,
} from '@kernel';
import { signedInOf } from '../rule/alert-rule.events.js';
import { settings, type AlertSettingEvent } from './alert-setting.events.js';

const LONGEST_SILENCE_DAYS = 30n;

export const alertSettingRejections = {
  'ALERTS.SETTINGS_NOT_FOUND': 'You have no settings of alerts yet.',
  'ALERTS.TOO_LONG': 'A silence lasts 30 days at most.',
} as const;

/** A record of one person in one party. */
export const ofPerson = (_: unknown, party: Party, person?: PersonRef) =>
  ({ key: `${party} ${person}`, mayCreate: true }) as const;
/** Whoever acts for a party, in its own records. */
export const oneself: Grant<unknown, unknown> = inPerson<unknown, unknown>({
  mayIssue: (who) => partyOf(who) !== null,
  mayAct: (who, _, { owner }) => owner === partyOf(who),
});

const setting = recordType<AlertSettingEvent, boolean>()({
  name: 'settings of alerts',
  category: 'alertSetting',
  rejections: alertSettingRejections,
  notFound: 'ALERTS.SETTINGS_NOT_FOUND',
  isMarkingFixed: true,
  initial: false,
  evolve: { 'alerts.AlertSettingsSet.v1': () => true },
});

export const setAlertSettings = setting.upsert({
  type: 'SetAlertSettings',
  description:
    'Say when and where alerts reach you, in place of what you said before. For everybody who acts for a party.',
  input: { description: 'All of your settings: what is left out does not stay.', of: settings },
  may: [oneself],
  target: ofPerson,
  decide: (given, isThere, { who, marking, now }) => {
    const last = `${daysAfter(dayOf(now), LONGEST_SILENCE_DAYS)}${now.slice(10)}`;
    if (given.silences?.some(({ until }) => until > last)) return reject('ALERTS.TOO_LONG', { field: 'silences' });
    return accept({
      type: 'alerts.AlertSettingsSet.v1',
      data: { ...given, as: signedInOf(who), ...(!isThere && { marking: { ...marking, ownerPerson: who.person } }) },
    });
  },
});

export const alertSettingRecordType = setting.withCommands(setAlertSettings);
export type AlertSettingCommand = Given<(typeof alertSettingRecordType.commands)[number]>;
