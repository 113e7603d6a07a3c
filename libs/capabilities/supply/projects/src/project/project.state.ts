import { recordType, reject, type CountryCode, type Day, type Party, type RecordId, type Reference } from '@kernel';
import { unknownMaterial } from '../../../materials/src/contract.js';
import { changedForHost, type ProjectEvent, type ProjectStatus, type Terms } from './project.events.js';

export const projectRejections = {
  'PROJECTS.NOT_FOUND': 'There is no such project, or it was not released to you.',
  'PROJECTS.CLOSED': 'The project is completed or withdrawn: nothing can be added or changed.',
  'PROJECTS.END_BEFORE_START': 'The project would end before it starts: correct one of the two days.',
  'PROJECTS.DATE_IN_FUTURE':
    'This is recorded once it has happened: give a day that has begun anywhere on Earth (UTC+14).',
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

/** Nothing more can happen to it. */
const isClosed = (project: ProjectState): boolean => project?.status === 'COMPLETED' || project?.status === 'WITHDRAWN';

export const project = recordType<ProjectEvent, ProjectState>()({
  category: 'project',
  endsWith: ['projects.ProjectWithdrawn.v1'],
  rejections: projectRejections,
  notFound: 'PROJECTS.NOT_FOUND',
  closed: { if: isClosed, rejection: 'PROJECTS.CLOSED' },
  initial: null,
  evolve: {
    'projects.ProjectProposed.v1': (_, { marking: { owner }, ...terms }) => ({
      owner,
      terms,
      status: 'PROPOSED',
      ...{ consent: null, endorsedBy: [], completedOn: null },
    }),
    'projects.ProjectRevised.v1': (state, { changes }) => {
      const stands = changedForHost(changes) === undefined;
      return state && { ...state, terms: { ...state.terms, ...changes }, consent: stands ? state.consent : null };
    },
    'projects.HostConsentGiven.v1': (state) => state && { ...state, consent: 'GIVEN' },
    'projects.HostConsentRefused.v1': (state) => state && { ...state, consent: 'REFUSED' },
    'projects.ProjectEndorsed.v1': (state, { country }) =>
      state && { ...state, endorsedBy: [...state.endorsedBy, country] },
    'projects.ProjectDesignated.v1': (state) => state && { ...state, status: 'DESIGNATED' },
    'projects.MilestoneReached.v1': (state) => state,
    'projects.DelayReported.v1': (state, { newEndsOn: endsOn }) =>
      state && { ...state, terms: { ...state.terms, ...(endsOn !== undefined && { endsOn }) } },
    'projects.ProjectCompleted.v1': (state, { on }) => state && { ...state, status: 'COMPLETED', completedOn: on },
    'projects.ProjectWithdrawn.v1': (state) => state && { ...state, status: 'WITHDRAWN' },
  },
});

/** The project that a command names by its id in the field `projectId`: one that the asker can read, and still open. */
export const projectReference = (id: RecordId): Reference<ProjectState> => ({
  category: 'project',
  at: { id },
  missing: reject('PROJECTS.NOT_FOUND', { field: 'projectId' }),
  rejectIf: (project) => (isClosed(project) ? reject('PROJECTS.CLOSED', { field: 'projectId' }) : null),
});
