import { describe, expect, it } from '@jest/globals';
import { country, currency, day, decimal, instant, materialCode } from '@kernel';
import { EU, JP, markedFor, NOW, RECORD, recorded, specifyView, US } from '@kernel/testing';
import type { ProjectEvent } from './project.events.js';
import { projectsView, type ProjectRow } from './projects.view.js';

const NA = country('NA');
const marking = markedFor(EU, 'MEMBERS');
const terms = {
  title: 'Otavi gallium',
  materials: [materialCode('gallium')],
  stages: ['REFINING'],
  hostCountry: NA,
  endsOn: day('2029-08-31'),
  estimatedCost: { amount: decimal('120000000'), currency: currency('EUR') },
} as const;
const proposed: ProjectEvent = { type: 'projects.ProjectProposed.v1', data: { ...terms, marking } };
const row: ProjectRow = {
  ...terms,
  id: RECORD,
  owner: EU,
  status: 'PROPOSED',
  endorsedBy: [],
  milestones: [],
  delays: [],
  proposedAt: NOW,
  revisedAt: NOW,
  marking,
};
const today = day('2026-06-01');
const consented: ProjectEvent = { type: 'projects.HostConsentGiven.v1', data: { country: NA, note: 'mining act' } };
const consent = { country: NA, given: true, at: NOW, note: 'mining act' };
const revised = (changes: object): ProjectEvent => ({ type: 'projects.ProjectRevised.v1', data: { changes } });
const project = specifyView(projectsView);

describe('A project in the list', () => {
  it('is there from its proposal', () => project.given(proposed).thenRow(row));
  it('shows its terms as last revised', () =>
    project.given(proposed, revised({ title: 'Otavi' })).thenRow({ ...row, title: 'Otavi' }));
  it('shows that the host consents', () => project.given(proposed, consented).thenRow({ ...row, consent }));
  it('shows that the host refuses, and why', () =>
    project
      .given(proposed, consented, { type: 'projects.HostConsentRefused.v1', data: { country: NA, reason: 'no water' } })
      .thenRow({ ...row, consent: { country: NA, given: false, at: NOW, note: 'no water' } }));
  it('keeps the consent through a revision that leaves what it was given to', () => {
    const changes = { summary: 'Smaller', startsOn: today, source: 'Study' };
    project.given(proposed, consented, revised(changes)).thenRow({ ...row, ...changes, consent });
  });
  it.each([
    { title: 'Otavi' },
    { materials: [materialCode('germanium')] },
    { stages: ['MINING'] as const },
    { hostCountry: US },
    { location: 'Tsumeb' },
    { promoter: 'Tsumeb Metals' },
  ])('drops what the host said when that which it spoke of changes: %j', (changes) =>
    project.given(proposed, consented, revised(changes)).thenRow({ ...row, ...changes }),
  );
  it('names who endorses it', () =>
    project
      .given(
        proposed,
        { type: 'projects.ProjectEndorsed.v1', data: { country: JP } },
        { type: 'projects.ProjectEndorsed.v1', data: { country: US, note: 'yes' } },
      )
      .thenRow({ ...row, endorsedBy: [JP, US] }));
  it('shows its designation', () =>
    project
      .given(proposed, consented, {
        type: 'projects.ProjectDesignated.v1',
        data: { on: today, by: EU, designation: 'Strategic project' },
      })
      .thenRow({
        ...row,
        consent,
        status: 'DESIGNATED',
        designatedOn: today,
        designatedBy: EU,
        designation: 'Strategic project',
      }));
  it('lists its milestones', () => {
    const milestone = { milestone: 'Permit granted', reachedOn: today, by: NA };
    project
      .given(proposed, { type: 'projects.MilestoneReached.v1', data: milestone })
      .thenRow({ ...row, milestones: [{ ...milestone, at: NOW }] });
  });
  it('lists its delays, and ends on the new day', () => {
    const delay = { reason: 'Permit late', newEndsOn: day('2030-02-28'), by: EU };
    const stop = { reason: 'Strike', by: NA };
    project
      .given(
        proposed,
        { type: 'projects.DelayReported.v1', data: delay },
        { type: 'projects.DelayReported.v1', data: stop },
      )
      .thenRow({
        ...row,
        endsOn: day('2030-02-28'),
        delays: [
          { ...delay, at: NOW },
          { ...stop, at: NOW },
        ],
      });
  });
  it('tells when its terms last changed', () => {
    const later = instant('2026-07-01T00:00:00.000Z');
    const revisedAt = (event: ProjectEvent) =>
      projectsView.project(row, { ...recorded(event, 1), recordedAt: later }, RECORD)?.revisedAt;
    const delay = { reason: 'Permit late', by: EU };
    expect(revisedAt(revised({ title: 'Otavi' }))).toBe(later);
    expect(revisedAt({ type: 'projects.DelayReported.v1', data: { ...delay, newEndsOn: day('2030-02-28') } })).toBe(
      later,
    );
    expect(revisedAt({ type: 'projects.DelayReported.v1', data: delay })).toBe(NOW);
    expect(revisedAt(consented)).toBe(NOW);
  });
  it('is completed', () =>
    project
      .given(proposed, { type: 'projects.ProjectCompleted.v1', data: { on: today } })
      .thenRow({ ...row, status: 'COMPLETED', completedOn: today }));
  it('is withdrawn, and stays in the list', () =>
    project
      .given(proposed, { type: 'projects.ProjectWithdrawn.v1', data: { reason: 'no finance' } })
      .thenRow({ ...row, status: 'WITHDRAWN', withdrawnBecause: 'no finance' }));
});
