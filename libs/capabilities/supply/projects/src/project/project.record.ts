import {
  accept,
  country,
  day,
  dayOf,
  hasBegun,
  members,
  newOwners,
  optional,
  owners,
  partial,
  partyOf,
  peopleIn,
  reject,
  required,
  secretariat,
  type Given,
  type Role,
} from '@kernel';
import { materialReference } from '../../../materials/src/contract.js';
import {
  changedForHost,
  delay,
  explanation,
  line,
  milestone,
  terms,
  type ProjectStatus,
  type Terms,
} from './project.events.js';
import { project, type ProjectState } from './project.state.js';

/** People of the country on whose ground the project stands. */
const hosts = (...roles: readonly Role[]) =>
  peopleIn((state: ProjectState, { owner }) => state?.terms.hostCountry ?? owner, ...roles);
/** The secretariat records what the alliance decides of any project. */
const alliance = { ...secretariat, mayAct: () => true };

const materialsOf = ({ materials = [] }: Partial<Terms>) =>
  materials.map((code) => ({
    ...materialReference(code),
    missing: reject('MATERIALS.UNKNOWN', { field: 'materials', value: code }),
  }));

export const proposeProject = project.create({
  type: 'ProposeProject',
  description: 'Propose a project. For liaisons and delegates.',
  input: {
    description: 'A project to propose in the name of your country.',
    of: {
      country: optional(country, 'The proposing country; your own, and no other, where given.'),
      ...terms,
      hostCountry: required(
        country,
        'The country on whose ground it stands. Release the project to it: it has to consent.',
      ),
    },
  },
  marking: 'Who may see it. Left out: your country alone.',
  refersTo: materialsOf,
  may: [newOwners('LIAISON', 'DELEGATE')],
  decide: ({ country: _, ...proposed }, { marking }) =>
    endsBeforeStart(proposed)
      ? reject('PROJECTS.END_BEFORE_START', { field: 'endsOn' })
      : accept({ type: 'projects.ProjectProposed.v1', data: { ...proposed, marking } }),
});

export const reviseProject = project.change({
  type: 'ReviseProject',
  description: 'Change what a project is. For liaisons and delegates of the country that proposed it.',
  input: {
    description:
      'What is to change of a project; what is left out stays. Another title, host country, location or promoter, other materials or stages void what the host said, and are rejected after designation.',
    of: { ...partial(terms), reason: optional(explanation, 'Why.') },
  },
  refersTo: materialsOf,
  may: [owners('LIAISON', 'DELEGATE')],
  decide: ({ reason, ...wanted }, state) => {
    const changes = changed(state.terms, wanted);
    if (Object.keys(changes).length === 0) return reject('PROJECTS.NOTHING_CHANGED');
    if (endsBeforeStart({ ...state.terms, ...changes }))
      return reject('PROJECTS.END_BEFORE_START', { field: 'endsOn' });
    const field = changedForHost(changes);
    if (field && state.status === 'DESIGNATED') return reject('PROJECTS.ALREADY_DESIGNATED', { field });
    return accept({ type: 'projects.ProjectRevised.v1', data: { changes, ...(reason && { reason }) } });
  },
});

export const giveHostConsent = project.change({
  type: 'GiveHostConsent',
  description: 'Consent to a project on your country’s ground. For delegates of the host country.',
  input: {
    description: 'The consent of the host country to a project on its ground.',
    of: { note: optional(explanation, 'What goes with it.') },
  },
  may: [hosts('DELEGATE')],
  again: (_, { consent, status }) => consent === 'GIVEN' && isOpen(status),
  decide: (given, { terms: { hostCountry } }) =>
    accept({ type: 'projects.HostConsentGiven.v1', data: { country: hostCountry, ...given } }),
});

export const refuseHostConsent = project.change({
  type: 'RefuseHostConsent',
  description: 'Refuse consent, or take it back before designation. For delegates of the host country.',
  input: { description: 'The refusal of the host country.', of: { reason: required(explanation, 'Why.') } },
  may: [hosts('DELEGATE')],
  again: (_, { consent, status }) => consent === 'REFUSED' && isOpen(status),
  decide: ({ reason }, { status, terms: { hostCountry } }) =>
    status === 'DESIGNATED'
      ? reject('PROJECTS.ALREADY_DESIGNATED')
      : accept({ type: 'projects.HostConsentRefused.v1', data: { country: hostCountry, reason } }),
});

export const endorseProject = project.change({
  type: 'EndorseProject',
  description: 'Endorse the project of another country. For delegates of member states.',
  input: {
    description: 'The endorsement of a project by your country.',
    of: { note: optional(explanation, 'Why.') },
  },
  may: [members('DELEGATE')],
  decide: (given, { owner, endorsedBy }, { who: { country } }) => {
    if (country === null || country === owner) return reject('PROJECTS.OWN_PROJECT');
    if (endorsedBy.includes(country)) return accept();
    return accept({ type: 'projects.ProjectEndorsed.v1', data: { country, ...given } });
  },
});

export const designateProject = project.change({
  type: 'DesignateProject',
  description:
    'Designate a project that its host consents to. For the secretariat, which records the decision of the alliance, and for delegates of the country that proposed it.',
  input: {
    description: 'The decision that designates a project.',
    of: {
      designation: optional(line, 'Title of the decision.'),
      on: optional(
        day,
        'Day of the decision, which has begun anywhere on Earth (UTC+14); the day at UTC where left out.',
      ),
    },
  },
  may: [alliance, owners('DELEGATE')],
  again: (_, { status }) => status === 'DESIGNATED',
  decide: ({ designation, on }, { owner, consent, terms }, { who, now }) => {
    const decidedOn = on ?? dayOf(now);
    if (!hasBegun(decidedOn, now)) return reject('PROJECTS.DATE_IN_FUTURE', { field: 'on' });
    if (consent !== 'GIVEN') return reject('PROJECTS.HOST_CONSENT_MISSING', { hostCountry: terms.hostCountry });
    return accept({
      type: 'projects.ProjectDesignated.v1',
      data: { on: decidedOn, by: partyOf(who) ?? owner, ...(designation && { designation }) },
    });
  },
});

export const reportMilestone = project.change({
  type: 'ReportMilestone',
  description: 'Report a milestone reached. For liaisons and delegates of the owner and of the host.',
  input: {
    description: 'A milestone that a project has reached.',
    of: { ...milestone, reachedOn: required(day, 'When: a day that has begun anywhere on Earth (UTC+14).') },
  },
  may: [owners('LIAISON', 'DELEGATE'), hosts('LIAISON', 'DELEGATE')],
  decide: (reached, { terms }, { who, now }) =>
    hasBegun(reached.reachedOn, now)
      ? accept({ type: 'projects.MilestoneReached.v1', data: { ...reached, by: who.country ?? terms.hostCountry } })
      : reject('PROJECTS.DATE_IN_FUTURE', { field: 'reachedOn' }),
});

export const reportDelay = project.change({
  type: 'ReportDelay',
  description: 'Report a delay. For liaisons and delegates of the owner and of the host.',
  input: {
    description: 'A delay of a project.',
    of: { ...delay, newEndsOn: optional(day, 'The day on which it is to end now, later than the one on record.') },
  },
  may: [owners('LIAISON', 'DELEGATE'), hosts('LIAISON', 'DELEGATE')],
  decide: (late, { terms }, { who }) => {
    const { newEndsOn } = late;
    if (newEndsOn && terms.endsOn && newEndsOn <= terms.endsOn)
      return reject('PROJECTS.NOT_LATER', { field: 'newEndsOn', endsOn: terms.endsOn });
    if (newEndsOn && endsBeforeStart({ ...terms, endsOn: newEndsOn }))
      return reject('PROJECTS.END_BEFORE_START', { field: 'newEndsOn' });
    return accept({ type: 'projects.DelayReported.v1', data: { ...late, by: who.country ?? terms.hostCountry } });
  },
});

export const completeProject = project.change({
  type: 'CompleteProject',
  description: 'Complete a project. For delegates of the country that proposed it.',
  input: {
    description: 'The completion of a project.',
    of: { on: required(day, 'When: a day that has begun anywhere on Earth (UTC+14), and not before it starts.') },
  },
  may: [owners('DELEGATE')],
  again: ({ on }, { completedOn }) => on === completedOn,
  decide: ({ on }, { terms }, { now }) => {
    if (!hasBegun(on, now)) return reject('PROJECTS.DATE_IN_FUTURE', { field: 'on' });
    if (endsBeforeStart({ ...terms, endsOn: on })) return reject('PROJECTS.END_BEFORE_START', { field: 'on' });
    return accept({ type: 'projects.ProjectCompleted.v1', data: { on } });
  },
});

export const withdrawProject = project.change({
  type: 'WithdrawProject',
  description: 'Withdraw a project. For delegates of the country that proposed it.',
  input: {
    description: 'The withdrawal of a project.',
    of: { reason: required(explanation, 'Why; whoever sees the project reads it.') },
  },
  may: [owners('DELEGATE')],
  again: (_, { status }) => status === 'WITHDRAWN',
  decide: (given) => accept({ type: 'projects.ProjectWithdrawn.v1', data: given }),
});

export const projectRecordType = project.withCommands(
  proposeProject,
  reviseProject,
  giveHostConsent,
  refuseHostConsent,
  endorseProject,
  designateProject,
  reportMilestone,
  reportDelay,
  completeProject,
  withdrawProject,
);
export type ProposeProject = Given<typeof proposeProject>;
export type ReviseProject = Given<typeof reviseProject>;
export type ProjectCommand = Given<(typeof projectRecordType.commands)[number]>;

const isOpen = (status: ProjectStatus): boolean => status !== 'COMPLETED' && status !== 'WITHDRAWN';

const endsBeforeStart = ({ startsOn, endsOn }: Pick<Terms, 'startsOn' | 'endsOn'>): boolean =>
  startsOn !== undefined && endsOn !== undefined && endsOn < startsOn;

/** The fields that say something else than the project does. */
const changed = (before: Terms, wanted: Partial<Terms>): Partial<Terms> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof Terms]),
    ),
  );
