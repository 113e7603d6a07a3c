import { describe, expect, it } from '@jest/globals';
import type { MarkingChanged } from '@kernel';
import { JP, markedFor, NOW, RECORD, recorded, specifyView, US } from '@kernel/testing';
import { audienceChangesView } from './audience-changes.view.js';

const { given } = specifyView(audienceChangesView);
const changed = (marking: MarkingChanged['data']['marking']): MarkingChanged => ({
  type: 'access.MarkingChanged.v1',
  data: { marking, reason: 'Agreed.' },
});

describe('Changes of audience', () => {
  it('are a row each, for the owner alone', () => {
    const [first, second] = [markedFor(JP, `country:${US}`), { ...markedFor(JP), level: 'SECRET' as const }];
    const row = { record: RECORD, kind: 'record', at: NOW, by: JP, reason: 'Agreed.' };
    const history = given(changed(first), changed(second));
    history.thenRow({ ...row, changedTo: first, marking: markedFor(JP) }, `${RECORD}:0`);
    history.thenRow({ ...row, changedTo: second, marking: second }, `${RECORD}:1`);
    history.thenRow(null, `${RECORD}:2`);
  });
  it('go with the content of their record', () => {
    const erased = recorded({ type: 'access.ContentErased.v1', data: {} }, 2);
    expect(audienceChangesView.keysToErase!(erased)).toEqual([`${RECORD}:0`, `${RECORD}:1`]);
  });
});
