import { describe, it } from '@jest/globals';
import { country, currency, day, decimal, materialCode } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { projectRecordType } from './project.record.js';
import type { ProposeProject, ReviseProject } from './project.record.js';
import type { ProjectEvent, ProjectProposed, Terms } from './project.events.js';

const NA = country('NA');
const marking = markedFor(EU, 'MEMBERS', `country:${NA}`);
const terms: Terms = {
  title: 'Gallium recovery at the Otavi smelter',
  summary: 'Recovers gallium from residues.',
  materials: [materialCode('gallium')],
  stages: ['REFINING'],
  hostCountry: NA,
  location: 'Otavi',
  promoter: 'Otavi Metals',
  startsOn: day('2026-03-01'),
  endsOn: day('2029-08-31'),
  estimatedCost: { amount: decimal('120000000'), currency: currency('EUR') },
  expectedOutput: { quantity: decimal('45.5') },
  source: 'Feasibility study, 2025',
};
const propose: ProposeProject = { type: 'ProposeProject', ...terms };
const proposed: ProjectProposed = { type: 'projects.ProjectProposed.v1', data: { ...terms, marking } };
const revised = (changes: Partial<Terms>): ProjectEvent => ({ type: 'projects.ProjectRevised.v1', data: { changes } });
const revise = (changes: Partial<Terms>): ReviseProject => ({ type: 'ReviseProject', id: RECORD, ...changes });
const consented: ProjectEvent = { type: 'projects.HostConsentGiven.v1', data: { country: NA } };
const refused: ProjectEvent = { type: 'projects.HostConsentRefused.v1', data: { country: NA, reason: 'no water' } };
const endorsed: ProjectEvent = { type: 'projects.ProjectEndorsed.v1', data: { country: JP } };
const today = day('2026-06-01');
const tomorrow = day('2026-06-02');
const designated: ProjectEvent = { type: 'projects.ProjectDesignated.v1', data: { on: today, by: 'SECRETARIAT' } };
const completed: ProjectEvent = { type: 'projects.ProjectCompleted.v1', data: { on: today } };
const withdrawn: ProjectEvent = { type: 'projects.ProjectWithdrawn.v1', data: { reason: 'no finance' } };

const give = { type: 'GiveHostConsent', id: RECORD } as const;
const refuse = { type: 'RefuseHostConsent', id: RECORD, reason: 'no water' } as const;
const endorse = { type: 'EndorseProject', id: RECORD } as const;
const designate = { type: 'DesignateProject', id: RECORD } as const;
const reach = { type: 'ReportMilestone', id: RECORD, milestone: 'Permit granted', reachedOn: today } as const;
const delay = { type: 'ReportDelay', id: RECORD, reason: 'Permit late' } as const;
const complete = { type: 'CompleteProject', id: RECORD, on: today } as const;
const withdraw = { type: 'WithdrawProject', id: RECORD, reason: 'no finance' } as const;

const owner = person(EU, 'DELEGATE');
const host = person(NA, 'DELEGATE');
const project = specify(projectRecordType);

describe('A proposal', () => {
  it('states what the project is', () => project.given().when(propose, owner, { marking }).then(proposed));
  it('ends when it starts or later', () => {
    const start = day('2029-08-31');
    project
      .given()
      .when({ ...propose, startsOn: start }, owner, { marking })
      .then({ ...proposed, data: { ...proposed.data, startsOn: start } });
    project
      .given()
      .when({ ...propose, startsOn: day('2029-09-01') }, owner)
      .thenRejected('PROJECTS.END_BEFORE_START');
  });
  it('may leave either day open', () => {
    const { endsOn: _, ...open } = terms;
    project
      .given()
      .when({ type: 'ProposeProject', ...open }, owner, { marking })
      .then({ type: 'projects.ProjectProposed.v1', data: { ...open, marking } });
  });
});

describe('A revision', () => {
  it('records the fields that change, and why', () =>
    project
      .given(proposed)
      .when({ ...revise({ title: 'Otavi gallium', promoter: 'Otavi Metals' }), reason: 'shorter' }, owner)
      .then({ type: 'projects.ProjectRevised.v1', data: { changes: { title: 'Otavi gallium' }, reason: 'shorter' } }));
  it('changes something', () => {
    project.given(proposed).when(revise({}), owner).thenRejected('PROJECTS.NOTHING_CHANGED');
    project.given(proposed).when(revise(terms), owner).thenRejected('PROJECTS.NOTHING_CHANGED');
    project
      .given(proposed, revised({ title: 'Otavi gallium' }))
      .when(revise({ title: 'Otavi gallium' }), owner)
      .thenRejected('PROJECTS.NOTHING_CHANGED');
  });
  it('compares lists and amounts by what they say', () => {
    const estimatedCost = { amount: decimal('120000001'), currency: currency('EUR') };
    project.given(proposed).when(revise({ estimatedCost }), owner).then(revised({ estimatedCost }));
    project
      .given(proposed)
      .when(revise({ stages: ['REFINING'] }), owner)
      .thenRejected('PROJECTS.NOTHING_CHANGED');
  });
  it('does not end the project before it starts, as it stands', () => {
    const late = revise({ startsOn: day('2029-09-01') });
    project.given(proposed).when(late, owner).thenRejected('PROJECTS.END_BEFORE_START');
    const moved = revised({ endsOn: day('2030-01-01') });
    project
      .given(proposed, moved)
      .when(late, owner)
      .then(revised({ startsOn: day('2029-09-01') }));
  });
  it('gives a host that refused its say again', () =>
    project
      .given(proposed, refused, revised({ location: 'Tsumeb' }))
      .when(refuse, host)
      .then(refused));
  it('of a designated project may name again what stands', () =>
    project
      .given(proposed, consented, designated)
      .when(revise({ ...terms, summary: 'Smaller' }), owner)
      .then(revised({ summary: 'Smaller' })));
});

describe.each<Partial<Terms>>([
  { title: 'Otavi gallium' },
  { materials: [materialCode('germanium')] },
  { stages: ['MINING', 'REFINING'] },
  { hostCountry: US },
  { location: 'Tsumeb' },
  { promoter: 'Tsumeb Metals' },
])('A revision of what the host consents to, such as %j,', (changes) => {
  it('voids the consent', () => {
    project.given(proposed, consented).when(revise(changes), owner).then(revised(changes));
    project
      .given(proposed, consented, revised(changes))
      .when(designate, secretariat)
      .thenRejected('PROJECTS.HOST_CONSENT_MISSING');
  });
  it('is rejected after designation', () =>
    project
      .given(proposed, consented, designated)
      .when(revise({ summary: 'Smaller', ...changes }), owner)
      .thenRejected('PROJECTS.ALREADY_DESIGNATED'));
});

describe.each<Partial<Terms>>([
  { summary: 'Smaller' },
  { startsOn: day('2026-10-01') },
  { endsOn: day('2030-01-01') },
  { estimatedCost: { amount: decimal('1'), currency: currency('EUR') } },
  { expectedOutput: { quantity: decimal('1') } },
  { source: 'Feasibility study, 2026' },
])('A revision of anything else, such as %j,', (changes) => {
  it('leaves the consent', () =>
    project.given(proposed, consented, revised(changes)).when(designate, secretariat).then(designated));
  it('is recorded after designation, too', () =>
    project.given(proposed, consented, designated).when(revise(changes), owner).then(revised(changes)));
});

describe('The host’s consent', () => {
  it('is given', () =>
    project
      .given(proposed)
      .when({ ...give, note: 'under the mining act' }, host)
      .then({ type: 'projects.HostConsentGiven.v1', data: { country: NA, note: 'under the mining act' } }));
  it('is refused with a reason', () => project.given(proposed).when(refuse, host).then(refused));
  it('is given or refused once', () => {
    project.given(proposed, consented).when(give, host).thenNothing();
    project.given(proposed, refused).when(refuse, host).thenNothing();
  });
  it('may change before designation', () => {
    project.given(proposed, refused).when(give, host).then(consented);
    project.given(proposed, consented).when(refuse, host).then(refused);
    project.given(proposed, consented, refused).when(give, host).then(consented);
  });
  it('stands after designation', () => {
    project.given(proposed, consented, designated).when(refuse, host).thenRejected('PROJECTS.ALREADY_DESIGNATED');
    project.given(proposed, consented, designated).when(give, host).thenNothing();
  });
  it('is the new host’s to give where the host changed', () =>
    project
      .given(proposed, consented, revised({ hostCountry: US }))
      .when(give, person(US, 'DELEGATE'))
      .then({ type: 'projects.HostConsentGiven.v1', data: { country: US } }));
});

describe('An endorsement', () => {
  it('names the country that gives it', () =>
    project
      .given(proposed)
      .when({ ...endorse, note: 'matches our demand' }, person(JP, 'DELEGATE'))
      .then({ type: 'projects.ProjectEndorsed.v1', data: { country: JP, note: 'matches our demand' } }));
  it('is given once by each country', () => {
    project.given(proposed, endorsed).when(endorse, person(JP, 'DELEGATE')).thenNothing();
    project
      .given(proposed, endorsed)
      .when(endorse, person(US, 'DELEGATE'))
      .then({ type: 'projects.ProjectEndorsed.v1', data: { country: US } });
  });
  it('is not the owner’s to give', () =>
    project.given(proposed).when(endorse, owner).thenRejected('PROJECTS.OWN_PROJECT'));
});

describe('A designation', () => {
  it('is recorded by the secretariat for the alliance, as of today', () =>
    project.given(proposed, consented).when(designate, secretariat).then(designated));
  it('is recorded by the owner in its own name, with the day and the title of the decision', () =>
    project
      .given(proposed, consented)
      .when({ ...designate, designation: 'Strategic project', on: day('2025-06-04') }, owner)
      .then({
        type: 'projects.ProjectDesignated.v1',
        data: { on: day('2025-06-04'), by: EU, designation: 'Strategic project' },
      }));
  it('needs the host’s consent', () => {
    project.given(proposed).when(designate, secretariat).thenRejected('PROJECTS.HOST_CONSENT_MISSING');
    project.given(proposed, refused).when(designate, secretariat).thenRejected('PROJECTS.HOST_CONSENT_MISSING');
    project.given(proposed, consented, refused).when(designate, owner).thenRejected('PROJECTS.HOST_CONSENT_MISSING');
  });
  it('needs it even where the host proposed the project itself', () =>
    project
      .given({ ...proposed, data: { ...terms, hostCountry: EU, marking } })
      .when(designate, owner)
      .thenRejected('PROJECTS.HOST_CONSENT_MISSING'));
  it('is not dated in the future', () =>
    project
      .given(proposed, consented)
      .when({ ...designate, on: tomorrow }, secretariat)
      .thenRejected('PROJECTS.DATE_IN_FUTURE'));
  it('is recorded once', () =>
    project.given(proposed, consented, designated).when(designate, secretariat).thenNothing());
});

describe('Progress', () => {
  it('reaches milestones', () =>
    project
      .given(proposed)
      .when({ ...reach, note: 'by the ministry' }, host)
      .then({
        type: 'projects.MilestoneReached.v1',
        data: { milestone: 'Permit granted', reachedOn: today, note: 'by the ministry', by: NA },
      }));
  it('reaches no milestone in the future', () =>
    project
      .given(proposed)
      .when({ ...reach, reachedOn: tomorrow }, owner)
      .thenRejected('PROJECTS.DATE_IN_FUTURE'));
  it('meets delays', () =>
    project
      .given(proposed)
      .when(delay, owner)
      .then({ type: 'projects.DelayReported.v1', data: { reason: 'Permit late', by: EU } }));
  it('meets delays that move the end to a later day', () => {
    const newEndsOn = day('2030-02-28');
    const delayed: ProjectEvent = {
      type: 'projects.DelayReported.v1',
      data: { reason: 'Permit late', newEndsOn, by: EU },
    };
    project
      .given(proposed)
      .when({ ...delay, newEndsOn }, owner)
      .then(delayed);
    project
      .given(proposed, delayed)
      .when({ ...delay, newEndsOn }, owner)
      .thenRejected('PROJECTS.NOT_LATER');
    project
      .given(proposed)
      .when({ ...delay, newEndsOn: day('2029-08-31') }, owner)
      .thenRejected('PROJECTS.NOT_LATER');
  });
  it('meets no delay that ends the project before it starts', () => {
    const { endsOn: _, ...open } = proposed.data;
    project
      .given({ ...proposed, data: open })
      .when({ ...delay, newEndsOn: day('2026-02-28') }, owner)
      .thenRejected('PROJECTS.END_BEFORE_START');
  });
});

describe('A day that has begun in the east only', () => {
  const east = { now: '2026-06-01T10:00:00.000Z' as never };
  it('reaches a milestone', () =>
    project
      .given(proposed)
      .when({ ...reach, reachedOn: tomorrow }, owner, east)
      .then({
        type: 'projects.MilestoneReached.v1',
        data: { milestone: 'Permit granted', reachedOn: tomorrow, by: EU },
      }));
  it('brings a designation', () =>
    project
      .given(proposed, consented)
      .when({ ...designate, on: tomorrow }, secretariat, east)
      .then({ ...designated, data: { ...designated.data, on: tomorrow } }));
  it('completes a project', () =>
    project
      .given(proposed)
      .when({ ...complete, on: tomorrow }, owner, east)
      .then({ ...completed, data: { on: tomorrow } }));
});

describe('The end of a project', () => {
  it('is completion', () => project.given(proposed, consented, designated).when(complete, owner).then(completed));
  it('is completion without a designation, too', () => project.given(proposed).when(complete, owner).then(completed));
  it('is completion on a day that has come', () =>
    project
      .given(proposed)
      .when({ ...complete, on: tomorrow }, owner)
      .thenRejected('PROJECTS.DATE_IN_FUTURE'));
  it('is not completion before the start', () => {
    const { startsOn: _, ...open } = proposed.data;
    const early = { ...complete, on: day('2026-02-28') };
    project.given(proposed).when(early, owner).thenRejected('PROJECTS.END_BEFORE_START');
    project
      .given({ ...proposed, data: open })
      .when(early, owner)
      .then({ type: 'projects.ProjectCompleted.v1', data: { on: early.on } });
    project
      .given(proposed)
      .when({ ...complete, on: day('2026-03-01') }, owner)
      .then({ type: 'projects.ProjectCompleted.v1', data: { on: day('2026-03-01') } });
  });
  it('is withdrawal', () => project.given(proposed, consented, designated).when(withdraw, owner).then(withdrawn));
  it('is recorded once', () => {
    project.given(proposed, completed).when(complete, owner).thenNothing();
    project
      .given(proposed, withdrawn)
      .when({ ...withdraw, reason: 'again' }, owner)
      .thenNothing();
  });
  it('is one end only', () => {
    project.given(proposed, completed).when(withdraw, owner).thenRejected('PROJECTS.CLOSED');
    project.given(proposed, withdrawn).when(complete, owner).thenRejected('PROJECTS.CLOSED');
    project
      .given(proposed, completed)
      .when({ ...complete, on: day('2026-05-31') }, owner)
      .thenRejected('PROJECTS.CLOSED');
  });
  it.each([revise({ title: 'Otavi' }), give, refuse, endorse, designate, reach, delay])(
    'admits no more: $type',
    (command) => {
      project.given(proposed, completed).when(command, owner).thenRejected('PROJECTS.CLOSED');
      project.given(proposed, withdrawn).when(command, owner).thenRejected('PROJECTS.CLOSED');
    },
  );
});

describe('A project that does not exist', () => {
  it.each([revise({ title: 'Otavi' }), give, refuse, endorse, designate, reach, delay, complete, withdraw])(
    'is not found: $type',
    (command) => project.given().when(command, owner).thenRejected('PROJECTS.NOT_FOUND'),
  );
});
