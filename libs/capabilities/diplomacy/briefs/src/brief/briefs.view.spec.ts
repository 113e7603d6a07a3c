import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import type { BriefEvent, Content } from './brief.events.js';
import { briefsView, type BriefRow } from './briefs.view.js';

const content: Content = {
  title: 'Gallium',
  text: 'Enough.',
  sources: [{ kind: 'PROJECT', id: RECORD }],
  approvals: [RECORD],
};
const marking = markedFor(JP, 'MEMBERS');
const written: BriefEvent = { type: 'briefs.BriefWritten.v1', data: { ...content, marking } };
const revised: BriefEvent = { type: 'briefs.BriefRevised.v1', data: { ...content, text: 'Not enough.' } };
const withdrawn: BriefEvent = { type: 'briefs.BriefWithdrawn.v1', data: { reason: 'overtaken' } };
const { approvals: _, ...shown } = content;
const row: BriefRow = { ...shown, id: RECORD, owner: JP, status: 'WRITTEN', writtenAt: NOW, revisedAt: NOW, marking };
const list = specifyView(briefsView);

describe('A brief in the list', () => {
  it('is there when written, without the approvals, which are between two parties', () =>
    list.given(written).thenRow(row));
  it('reads as it was written last', () => list.given(written, revised).thenRow({ ...row, text: 'Not enough.' }));
  it('loses its text and its sources when withdrawn', () => {
    const { text: _text, ...kept } = row;
    list
      .given(written, withdrawn)
      .thenRow({ ...kept, sources: [], status: 'WITHDRAWN', withdrawnBecause: 'overtaken' });
  });
  it('cannot be found by its sources, which its reader may not know', () =>
    expect(Object.keys(briefsView.fields)).not.toContain('sources'));
});
