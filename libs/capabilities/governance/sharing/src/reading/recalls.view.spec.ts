import { describe, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import type { RecallAcknowledged, RecallIssued } from './reading.events.js';
import { recallsView } from './recalls.view.js';

const { given } = specifyView(recallsView);
const issued: RecallIssued = {
  type: 'sharing.RecallIssued.v1',
  data: {
    record: RECORD,
    kind: 'projects.projects',
    reader: US,
    cause: 'NARROWED',
    marking: markedFor(JP, `country:${US}`),
  },
};
const acknowledged: RecallAcknowledged = { type: 'sharing.RecallAcknowledged.v1', data: { note: 'Destroyed.' } };
const open = { ...issued.data, id: RECORD, owner: JP, issuedAt: NOW, acknowledged: 'NO' } as const;

describe('Recalls', () => {
  it('are for the owner and the party that read', () => given(issued).thenRow(open));
  it('show that they were acknowledged, and how', () =>
    given(issued, acknowledged).thenRow({ ...open, acknowledged: 'YES', acknowledgedAt: NOW, note: 'Destroyed.' }));
  it('are open again when issued again', () => given(issued, acknowledged, issued).thenRow(open));
  it('are none where none was issued', () => given(acknowledged).thenRow(null));
});
