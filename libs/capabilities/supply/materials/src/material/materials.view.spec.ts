import { describe, it } from '@jest/globals';
import { day, materialCode } from '@kernel';
import { markedFor, specifyView } from '@kernel/testing';
import type { MaterialDelisted, MaterialListed, MaterialRegistered } from './material.events.js';
import { materialsView } from './materials.view.js';

const { given } = specifyView(materialsView);
const code = materialCode('gallium');
const marking = markedFor('SECRETARIAT', 'PUBLIC');
const registration = { code, name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
const registered: MaterialRegistered = { type: 'materials.MaterialRegistered.v1', data: { ...registration, marking } };
const [eu, us] = [
  { list: 'EU_CRITICAL', since: day('2024-05-23'), note: 'Annex II', source: 'Regulation (EU) 2024/1252' },
  { list: 'US_CRITICAL', since: day('2022-02-24') },
] as const;
const listedBy = (listing: typeof eu | typeof us): MaterialListed => ({
  type: 'materials.MaterialListed.v1',
  data: { code, ...listing },
});
const delisted: MaterialDelisted = {
  type: 'materials.MaterialDelisted.v1',
  data: { code, list: 'US_CRITICAL', on: day('2026-01-01'), reason: 'No longer produced there.' },
};
const row = { ...registration, marking, lists: [], listings: [] };

describe('The register of materials', () => {
  it('shows a material under its code', () => given(registered).thenRow(row, code));
  it('shows the lists that it is on, in order of their names', () =>
    given(registered, listedBy(us), listedBy(eu)).thenRow(
      { ...row, lists: ['EU_CRITICAL', 'US_CRITICAL'], listings: [eu, us] },
      code,
    ));
  it('no longer shows a list that it was taken off', () =>
    given(registered, listedBy(us), listedBy(eu), delisted).thenRow(
      { ...row, lists: ['EU_CRITICAL'], listings: [eu] },
      code,
    ));
});
