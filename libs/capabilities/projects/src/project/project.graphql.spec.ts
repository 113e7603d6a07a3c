import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { commandOf, inputTypeOf, problemsOf, shownBy, type MarkingType } from '@foundation/transport';
import type { Principal } from '@kernel';
import { EU, JP, markedFor, NOW, person, RECORD } from '@kernel/testing';
import { proposeProject, reviseProject } from './project.stream.js';
import { projectsView, type ProjectRow } from './projects.view.js';

const [ProposeProjectInput, toProposeProject] = [inputTypeOf(proposeProject), commandOf(proposeProject)];
const [ReviseProjectInput, toReviseProject] = [inputTypeOf(reviseProject), commandOf(reviseProject)];

const least = { title: 'Otavi gallium', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'NA' };
const full = {
  ...least,
  commandId: 'c-1',
  country: 'EU',
  summary: 'Recovers gallium.',
  location: 'Otavi',
  promoter: 'Otavi Metals',
  startsOn: '2026-09-01',
  endsOn: '2029-08-31',
  estimatedCost: { amount: '120000000.00', currency: 'EUR' },
  expectedOutput: { quantity: '45.50' },
  source: 'Feasibility study',
  marking: { releaseTo: ['MEMBERS', 'NA'] },
};
const proposal = (given: object) => problemsOf<object>(ProposeProjectInput, given);
const revision = (given: object) => problemsOf<object>(ReviseProjectInput, { id: RECORD, ...given });

describe('The input of a proposal', () => {
  it('becomes the command, its values in their one spelling', async () => {
    const { input, problems } = await proposal(full);
    expect(problems).toEqual({});
    const { commandId: _, ...terms } = full;
    expect(toProposeProject(input)).toEqual({
      type: 'ProposeProject',
      ...terms,
      estimatedCost: { amount: '120000000', currency: 'EUR' },
      expectedOutput: { quantity: '45.5' },
      marking: { releaseTo: ['MEMBERS', 'country:NA'] },
    });
  });
  it('may leave out or null what is optional', async () => {
    const nulls = { summary: null, startsOn: null, estimatedCost: null, marking: null, commandId: null, country: null };
    const { input, problems } = await proposal({ ...least, ...nulls });
    expect(problems).toEqual({});
    expect(toProposeProject(input)).toEqual({ type: 'ProposeProject', ...least });
  });
  it.each([
    ['title', { title: ' ' }],
    ['title', { title: 'x'.repeat(201) }],
    ['summary', { summary: 'x'.repeat(5001) }],
    ['materials', { materials: [] }],
    ['materials', { materials: ['Gallium'] }],
    ['materials', { materials: ['gallium', 'gallium'] }],
    ['materials', { materials: Array.from({ length: 21 }, (_, index) => `material-${index}`) }],
    ['stages', { stages: [] }],
    ['stages', { stages: ['REFINING', 'REFINING'] }],
    ['hostCountry', { hostCountry: 'XX' }],
    ['country', { country: 'eu' }],
    ['startsOn', { startsOn: '2026-02-30' }],
    ['endsOn', { endsOn: 'soon' }],
    ['estimatedCost.amount', { estimatedCost: { amount: '0', currency: 'EUR' } }],
    ['estimatedCost.currency', { estimatedCost: { amount: '1', currency: 'XAU' } }],
    ['expectedOutput.quantity', { expectedOutput: { quantity: '1e3' } }],
    ['marking.releaseTo', { marking: { releaseTo: ['everybody'] } }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const { problems } = await proposal({ ...least, ...wrong });
    expect(Object.keys(problems)).toEqual([field]);
    expect(problems[field]).toContain(field.split('.').at(-1));
  });
});

describe('The input of a revision', () => {
  it('names the project, and what changes', async () => {
    const { input, problems } = await revision({ title: 'Otavi', stages: null, endsOn: '2030-01-01', reason: 'later' });
    expect(problems).toEqual({});
    expect(toReviseProject(input)).toEqual({
      type: 'ReviseProject',
      id: RECORD,
      title: 'Otavi',
      endsOn: '2030-01-01',
      reason: 'later',
    });
  });
  it.each([
    ['id', { id: 'x' }],
    ['title', { title: '' }],
    ['materials', { materials: [] }],
    ['hostCountry', { hostCountry: 'XX' }],
    ['estimatedCost.amount', { estimatedCost: { amount: '-1', currency: 'EUR' } }],
  ])('is checked as the proposal is: %s', async (field, wrong) => {
    const { problems } = await revision(wrong);
    expect(Object.keys(problems)).toEqual([field]);
  });
});

describe('A project as it is shown', () => {
  const row: ProjectRow = {
    id: RECORD,
    owner: EU,
    title: 'Otavi gallium',
    materials: [],
    stages: ['REFINING'],
    hostCountry: JP,
    status: 'PROPOSED',
    endorsedBy: [],
    milestones: [],
    delays: [],
    proposedAt: NOW,
    revisedAt: NOW,
    marking: markedFor(EU, 'MEMBERS'),
  };
  it('tells whom it was released to, to its owner only', () => {
    const releasedTo = (who: Principal) =>
      (shownBy(projectsView, who)(row) as { marking: MarkingType }).marking.releaseTo;
    expect(releasedTo(person(EU, 'LIAISON'))).toEqual(['MEMBERS']);
    expect(releasedTo(person(JP, 'LIAISON'))).toBeNull();
  });
});
