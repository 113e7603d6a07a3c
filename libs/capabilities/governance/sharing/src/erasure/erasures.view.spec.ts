import { describe, expect, it } from '@jest/globals';
import type { ContentErased, ErasureRequested, MarkingChanged } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, specifyView, US } from '@kernel/testing';
import { erasuresView } from './erasures.view.js';

const { given } = specifyView<ErasureRequested | ContentErased, never>(erasuresView as never);
const requestedBy = person(JP, 'DELEGATE').person;
const data = { basis: 'A court order', requestedBy, marking: markedFor(JP) };
const requested: ErasureRequested = { type: 'access.ErasureRequested.v1', data };
const erased: ContentErased = { type: 'access.ContentErased.v1', data };
const row = { ...data, record: RECORD, kind: 'record', requestedAt: NOW };

describe('Erasures', () => {
  it('are told to the owner from the request on', () =>
    given(requested).thenRow({ ...row, status: 'REQUESTED' } as never));
  it('stay when the content has gone', () =>
    given(requested, erased).thenRow({ ...row, erasedAt: NOW, status: 'ERASED' } as never));
  it('stay the owner’s alone when the record is released to others', () => {
    const wide: MarkingChanged['data']['marking'] = { ...markedFor(JP, `country:${US}`), level: 'SECRET' };
    expect(erasuresView.onMarkingChanged!({ ...row, status: 'REQUESTED' }, wide)).toMatchObject({
      marking: { owner: JP, releaseTo: [], level: 'SECRET' },
    });
  });
});
