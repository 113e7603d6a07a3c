import {
  accept,
  dayOf,
  partyOf,
  reject,
  type Circumstances,
  type Command,
  type CountryCode,
  type Day,
  type Decider,
  type Decision,
  type Party,
  type RecordId,
} from '@kernel';
import { unknownMaterial } from '../../../materials/src/contract.js';
import {
  changedForHost,
  type Delay,
  type Milestone,
  type ProjectEvent,
  type ProjectStatus,
  type Terms,
} from './project.events.js';

/** `country` is the party that proposes: the actor's own. */
export type ProposeProject = Command<'ProposeProject'> & Terms & { readonly country?: CountryCode };
/** What is left out stays as it is. */
export type ReviseProject = On<'ReviseProject'> & Partial<Terms> & { readonly reason?: string };
export type GiveHostConsent = On<'GiveHostConsent'> & { readonly note?: string };
export type RefuseHostConsent = On<'RefuseHostConsent'> & { readonly reason: string };
export type EndorseProject = On<'EndorseProject'> & { readonly note?: string };
/** `on` is the day of the decision; today where left out. */
export type DesignateProject = On<'DesignateProject'> & { readonly designation?: string; readonly on?: Day };
export type ReportMilestone = On<'ReportMilestone'> & Milestone;
export type ReportDelay = On<'ReportDelay'> & Delay;
export type CompleteProject = On<'CompleteProject'> & { readonly on: Day };
export type WithdrawProject = On<'WithdrawProject'> & { readonly reason: string };

export type ProjectCommand =
  | ProposeProject
  | ReviseProject
  | GiveHostConsent
  | RefuseHostConsent
  | EndorseProject
  | DesignateProject
  | ReportMilestone
  | ReportDelay
  | CompleteProject
  | WithdrawProject;

type On<Type extends string> = Command<Type> & { readonly id: RecordId };

export const projectRefusals = {
  'PROJECTS.NOT_FOUND': 'There is no such project, or it was not released to you.',
  'PROJECTS.CLOSED': 'The project is completed or withdrawn: nothing can be added or changed.',
  'PROJECTS.END_BEFORE_START': 'The project would end before it starts: correct one of the two days.',
  'PROJECTS.DATE_IN_FUTURE': 'This is recorded once it has happened: give a day that is not in the future.',
  'PROJECTS.NOTHING_CHANGED': 'The revision says what is recorded already: name at least one field with a new value.',
  'PROJECTS.NOT_LATER':
    'A delay moves the end to a later day: give a day after the one on record, or revise the project.',
  'PROJECTS.HOST_CONSENT_MISSING':
    'A project is designated with the consent of its host country: the host has to give it first.',
  'PROJECTS.ALREADY_DESIGNATED':
    'The project is designated: the consent of its host and what it was given to stand. Revise other fields only.',
  'PROJECTS.OWN_PROJECT': 'A country does not endorse its own project: that is for the other members.',
  ...unknownMaterial,
} as const;
export type ProjectRefusal = keyof typeof projectRefusals;

/** Null before it is proposed. */
export type ProjectState = {
  readonly owner: Party;
  readonly terms: Terms;
  readonly status: ProjectStatus;
  /** What the host said to the project as it stands; null while it has said nothing. */
  readonly consent: 'GIVEN' | 'REFUSED' | null;
  readonly endorsedBy: readonly CountryCode[];
  readonly completedOn: Day | null;
} | null;
type Proposed = NonNullable<ProjectState>;

/** Nothing more can happen to it. */
export const isClosed = (project: ProjectState): boolean =>
  project?.status === 'COMPLETED' || project?.status === 'WITHDRAWN';

export const projectDecider: Decider<ProjectCommand, ProjectEvent, ProjectState, ProjectRefusal> = {
  initial: null,

  evolve: (state, event) => {
    if (event.type === 'projects.ProjectProposed.v1') {
      const { marking, ...terms } = event.data;
      return { owner: marking.owner, terms, status: 'PROPOSED', consent: null, endorsedBy: [], completedOn: null };
    }
    return state && evolved(state, event);
  },

  decide: (command, state, when) => {
    if (command.type === 'ProposeProject') return propose(command, when);
    if (state === null) return reject('PROJECTS.NOT_FOUND');
    if (isClosed(state)) return isSoAlready(command, state) ? accept() : reject('PROJECTS.CLOSED');
    return decided(command, state, when);
  },
};

type Later = Exclude<ProjectEvent, { readonly type: 'projects.ProjectProposed.v1' }>;

const evolved = (state: Proposed, event: Later): Proposed => {
  switch (event.type) {
    case 'projects.ProjectRevised.v1': {
      const { changes } = event.data;
      const consent = changedForHost(changes) === undefined ? state.consent : null;
      return { ...state, terms: { ...state.terms, ...changes }, consent };
    }
    case 'projects.HostConsentGiven.v1':
      return { ...state, consent: 'GIVEN' };
    case 'projects.HostConsentRefused.v1':
      return { ...state, consent: 'REFUSED' };
    case 'projects.ProjectEndorsed.v1':
      return { ...state, endorsedBy: [...state.endorsedBy, event.data.country] };
    case 'projects.ProjectDesignated.v1':
      return { ...state, status: 'DESIGNATED' };
    case 'projects.MilestoneReached.v1':
      return state;
    case 'projects.DelayReported.v1': {
      const { newEndsOn } = event.data;
      return newEndsOn === undefined ? state : { ...state, terms: { ...state.terms, endsOn: newEndsOn } };
    }
    case 'projects.ProjectCompleted.v1':
      return { ...state, status: 'COMPLETED', completedOn: event.data.on };
    case 'projects.ProjectWithdrawn.v1':
      return { ...state, status: 'WITHDRAWN' };
  }
};

type Ruling = Decision<ProjectEvent, ProjectRefusal>;

const propose = (command: ProposeProject, { marking }: Circumstances): Ruling => {
  const { type: _, marking: __, country: ___, ...terms } = command;
  if (endsBeforeStart(terms)) return reject('PROJECTS.END_BEFORE_START', { field: 'endsOn' });
  return accept({ type: 'projects.ProjectProposed.v1', data: { ...terms, marking } });
};

const decided = (
  command: Exclude<ProjectCommand, ProposeProject>,
  state: Proposed,
  { who, now }: Circumstances,
): Ruling => {
  const { terms, status, consent } = state;
  const host = terms.hostCountry;
  const isFuture = (on: Day) => on > dayOf(now);

  switch (command.type) {
    case 'ReviseProject': {
      const { type: _, marking: __, id: ___, reason, ...wanted } = command;
      const changes = changed(terms, wanted);
      if (Object.keys(changes).length === 0) return reject('PROJECTS.NOTHING_CHANGED');
      if (endsBeforeStart({ ...terms, ...changes })) return reject('PROJECTS.END_BEFORE_START', { field: 'endsOn' });
      const field = changedForHost(changes);
      if (field && status === 'DESIGNATED') return reject('PROJECTS.ALREADY_DESIGNATED', { field });
      return accept({ type: 'projects.ProjectRevised.v1', data: { changes, ...(reason && { reason }) } });
    }
    case 'GiveHostConsent': {
      if (consent === 'GIVEN') return accept();
      const { note } = command;
      return accept({ type: 'projects.HostConsentGiven.v1', data: { country: host, ...(note && { note }) } });
    }
    case 'RefuseHostConsent': {
      if (status === 'DESIGNATED') return reject('PROJECTS.ALREADY_DESIGNATED');
      if (consent === 'REFUSED') return accept();
      return accept({ type: 'projects.HostConsentRefused.v1', data: { country: host, reason: command.reason } });
    }
    case 'EndorseProject': {
      const { note } = command;
      const country = who.country;
      if (country === null || country === state.owner) return reject('PROJECTS.OWN_PROJECT');
      if (state.endorsedBy.includes(country)) return accept();
      return accept({ type: 'projects.ProjectEndorsed.v1', data: { country, ...(note && { note }) } });
    }
    case 'DesignateProject': {
      if (status === 'DESIGNATED') return accept();
      const { designation, on = dayOf(now) } = command;
      if (isFuture(on)) return reject('PROJECTS.DATE_IN_FUTURE', { field: 'on' });
      if (consent !== 'GIVEN') return reject('PROJECTS.HOST_CONSENT_MISSING', { hostCountry: host });
      const by = partyOf(who) ?? state.owner;
      return accept({ type: 'projects.ProjectDesignated.v1', data: { on, by, ...(designation && { designation }) } });
    }
    case 'ReportMilestone': {
      const { type: _, marking: __, id: ___, ...milestone } = command;
      if (isFuture(milestone.reachedOn)) return reject('PROJECTS.DATE_IN_FUTURE', { field: 'reachedOn' });
      return accept({ type: 'projects.MilestoneReached.v1', data: { ...milestone, by: who.country ?? host } });
    }
    case 'ReportDelay': {
      const { type: _, marking: __, id: ___, ...delay } = command;
      const { newEndsOn } = delay;
      if (newEndsOn && terms.endsOn && newEndsOn <= terms.endsOn) {
        return reject('PROJECTS.NOT_LATER', { field: 'newEndsOn', endsOn: terms.endsOn });
      }
      if (newEndsOn && endsBeforeStart({ ...terms, endsOn: newEndsOn })) {
        return reject('PROJECTS.END_BEFORE_START', { field: 'newEndsOn' });
      }
      return accept({ type: 'projects.DelayReported.v1', data: { ...delay, by: who.country ?? host } });
    }
    case 'CompleteProject': {
      if (isFuture(command.on)) return reject('PROJECTS.DATE_IN_FUTURE', { field: 'on' });
      if (endsBeforeStart({ ...terms, endsOn: command.on }))
        return reject('PROJECTS.END_BEFORE_START', { field: 'on' });
      return accept({ type: 'projects.ProjectCompleted.v1', data: { on: command.on } });
    }
    case 'WithdrawProject':
      return accept({ type: 'projects.ProjectWithdrawn.v1', data: { reason: command.reason } });
  }
};

/** Whether a closed project is closed in just the way that the command asks for. */
const isSoAlready = (command: ProjectCommand, { status, completedOn }: Proposed): boolean =>
  (command.type === 'WithdrawProject' && status === 'WITHDRAWN') ||
  (command.type === 'CompleteProject' && command.on === completedOn);

const endsBeforeStart = ({ startsOn, endsOn }: Pick<Terms, 'startsOn' | 'endsOn'>): boolean =>
  startsOn !== undefined && endsOn !== undefined && endsOn < startsOn;

/** The fields that say something else than the project does. */
const changed = (terms: Terms, wanted: Partial<Terms>): Partial<Terms> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(terms[field as keyof Terms]),
    ),
  );
