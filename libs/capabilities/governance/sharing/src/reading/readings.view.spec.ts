import { describe, it } from '@jest/globals';
import { EU, JP, markedFor, NOW, person, RECORD, specifyView, US } from '@kernel/testing';
import type { RecordRead, Way } from './reading.events.js';
import { readingsView } from './readings.view.js';

const { given } = specifyView(readingsView);
const subject = { record: RECORD, kind: 'projects.projects', reader: US } as const;
const day = NOW.slice(0, 10) as never;
const read = (how: Way, more: object = {}): RecordRead => ({
  type: 'sharing.RecordRead.v1',
  data: { ...subject, how, day, ...more, marking: { ...markedFor(JP, `country:${US}`), level: 'SECRET' } },
});
const row = (...ways: object[]) => ({
  ...subject,
  id: RECORD,
  firstAt: NOW,
  lastAt: NOW,
  ways: ways.map((way) => ({ ...way, lastAt: NOW })) as never,
  marking: { ...markedFor(JP), level: 'SECRET' as const },
});

describe('Readings', () => {
  it('are shown to the owner alone, at the level of what was read', () =>
    given(read('READ')).thenRow(row({ how: 'READ' })));
  it('show each way once', () =>
    given(read('READ'), read('EXPORT'), read('READ')).thenRow(row({ how: 'EXPORT' }, { how: 'READ' })));
  it('tell delegates and persons apart', () => {
    const { person: who } = person(US, 'DELEGATE');
    given(read('READ', { delegate: EU }), read('EMERGENCY', { person: who })).thenRow(
      row({ how: 'READ', delegate: EU }, { how: 'EMERGENCY', person: who }),
    );
  });
});
