import { describe, expect, it } from '@jest/globals';
import { platformFor } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { readingRecordType } from './reading.record.js';
import type { ReadingEvent } from './reading.events.js';

const subject = { record: RECORD, kind: 'projects.projects', reader: US } as const;
const marking = markedFor(JP, `country:${US}`);
const day = NOW.slice(0, 10) as never;
const past: ReadingEvent[] = [{ type: 'sharing.RecordRead.v1', data: { ...subject, how: 'READ', day, marking } }];
const note = { type: 'NoteReading', ...subject, how: 'READ' } as const;
const recall = { type: 'IssueRecall', ...subject, cause: 'NARROWED' } as const;
const acknowledge = { type: 'AcknowledgeRecall', id: RECORD } as const;
const { mayIssue, mayAct } = specify(readingRecordType);
const people = [person(US, 'DELEGATE'), person(JP, ['DELEGATE', 'APPROVER']), secretariat];

describe('Readings and recalls', () => {
  it.each([note, recall])('are the platform’s alone to note: $type', (command) => {
    expect(mayIssue(command, platformFor(JP))).toBe(true);
    expect(mayAct(command, platformFor(JP), past, marking)).toBe(true);
    for (const who of people) {
      expect(mayIssue(command, who)).toBe(false);
      expect(mayAct(command, who, past, marking)).toBe(false);
    }
  });
  it('are acknowledged by a delegate of the party that read, and not for it', () => {
    expect(mayIssue(acknowledge, person(US, 'DELEGATE'))).toBe(true);
    expect(mayIssue(acknowledge, secretariat)).toBe(true);
    for (const who of [person(US, ['LIAISON', 'APPROVER']), person(null, 'AUDITOR'), platformFor('SECRETARIAT')])
      expect(mayIssue(acknowledge, who)).toBe(false);
    expect(mayAct(acknowledge, person(US, 'DELEGATE'), past, marking)).toBe(true);
    expect(mayAct(acknowledge, person(JP, 'DELEGATE'), past, marking)).toBe(false);
    expect(mayAct(acknowledge, secretariat, past, marking)).toBe(false);
    expect(mayAct(acknowledge, person(null, 'AUDITOR'), [], marking)).toBe(false);
  });
});

describe('The platform', () => {
  it('writes in the owner’s name, and reads what is the owner’s', () => {
    expect(platformFor(JP)).toMatchObject({ country: 'JP', roles: [], audiences: ['country:JP'] });
    expect(platformFor('SECRETARIAT')).toMatchObject({
      country: null,
      roles: ['SECRETARIAT'],
      audiences: ['SECRETARIAT'],
    });
  });
});
