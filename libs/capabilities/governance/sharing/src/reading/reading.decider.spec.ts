import { describe, expect, it } from '@jest/globals';
import { instant, platformFor } from '@kernel';
import { EU, JP, markedFor, NOW, person, RECORD, specify, US } from '@kernel/testing';
import { readingRecordType } from './reading.record.js';
import type { ReadingEvent } from './reading.events.js';

const subject = { record: RECORD, kind: 'projects.projects', reader: US } as const;
const marking = markedFor(JP, `country:${US}`);
const platform = platformFor(JP);
const day = NOW.slice(0, 10) as never;
const read: ReadingEvent = { type: 'sharing.RecordRead.v1', data: { ...subject, how: 'READ', day, marking } };
const recalled: ReadingEvent = { type: 'sharing.RecallIssued.v1', data: { ...subject, cause: 'NARROWED', marking } };
const acknowledged: ReadingEvent = { type: 'sharing.RecallAcknowledged.v1', data: {} };

const note = { type: 'NoteReading', ...subject, how: 'READ' } as const;
const recall = { type: 'IssueRecall', ...subject, cause: 'NARROWED' } as const;
const acknowledge = { type: 'AcknowledgeRecall', id: RECORD, note: 'Destroyed.' } as const;
const reader = person(US, 'DELEGATE');
const { given } = specify(readingRecordType);

describe('A reading', () => {
  it('is noted once a day', () => {
    given().when(note, platform, { marking }).then(read);
    given(read).when(note, platform, { marking }).thenNothing();
    const tomorrow = instant('2026-06-02T00:00:00.000Z');
    given(read)
      .when(note, platform, { marking, now: tomorrow })
      .then({ ...read, data: { ...read.data, day: '2026-06-02' } } as ReadingEvent);
  });
  it('is noted for each way, delegate and person', () => {
    for (const other of [{ how: 'EXPORT' }, { how: 'EMERGENCY', person: reader.person }, { delegate: EU }] as const)
      given(read)
        .when({ ...note, ...other }, platform, { marking })
        .then({ ...read, data: { ...read.data, ...other } } as ReadingEvent);
  });
  it('is noted again on the day of a recall', () => given(read, recalled).when(note, platform, { marking }).then(read));
});

describe('A recall', () => {
  it('is issued of what was read, and once', () => {
    given(read).when(recall, platform, { marking }).then(recalled);
    given().when(recall, platform, { marking }).thenNothing();
    given(read, recalled).when(recall, platform, { marking }).thenNothing();
    given(read, recalled, acknowledged).when(recall, platform, { marking }).thenNothing();
  });
  it('is issued again of what was read again', () =>
    given(read, recalled, read).when(recall, platform, { marking }).then(recalled));
  it('is acknowledged once', () => {
    given(read, recalled)
      .when(acknowledge, reader)
      .then({ type: 'sharing.RecallAcknowledged.v1', data: { note: 'Destroyed.' } });
    given(read, recalled).when({ type: 'AcknowledgeRecall', id: RECORD }, reader).then(acknowledged);
    given(read, recalled, acknowledged).when(acknowledge, reader).thenNothing();
  });
  it('is to be acknowledged anew when it is issued again', () =>
    given(read, recalled, acknowledged, read, recalled)
      .when({ type: 'AcknowledgeRecall', id: RECORD }, reader)
      .then(acknowledged));
  it('that was not issued is not found', () => given(read).when(acknowledge, reader).thenRejected('RECALLS.NOT_FOUND'));
});

describe('The record of a reading', () => {
  it('is one for each row and party', () => {
    expect(readingRecordType.targetOf(note, JP)).toEqual({
      key: `projects.projects ${RECORD} US`,
      mayCreate: true,
    });
    expect(readingRecordType.targetOf({ ...note, reader: null }, JP)).toMatchObject({
      key: `projects.projects ${RECORD} `,
    });
    expect(readingRecordType.targetOf(recall, JP)).toMatchObject({ mayCreate: false });
    expect(readingRecordType.targetOf(acknowledge, US)).toEqual({ id: RECORD });
  });
});
