import {
  composite,
  country,
  day,
  flag,
  instant,
  many,
  optional,
  party,
  readModel,
  recordId,
  required,
  text,
  type RowOf,
} from '@kernel';
import {
  changedForHost,
  delay,
  explanation,
  milestone,
  projectStatus,
  terms,
  type ProjectEvent,
} from './project.events.js';

const hostConsent = composite('HostConsent', 'What the host country said to a project on its ground.', {
  country: required(country, 'The host country that said it.'),
  given: required(flag, 'Whether it consents.'),
  at: required(instant, 'When it said so.'),
  note: optional(explanation, 'What it added to its consent, or why it refused.'),
});
/** Which country reported it, the owner or the host, and when. */
const report = {
  by: required(country, 'Which country reported it: the owner or the host.'),
  at: required(instant, 'When it was reported.'),
};

const project = {
  id: required(recordId, 'Id of the project.'),
  owner: required(party, 'The party that proposed it.'),
  ...terms,
  endsOn: optional(day, 'The day on which it is to end, delays included.'),
  status: required(projectStatus, 'How far it has come.'),
  consent: optional(
    hostConsent,
    'What the host country said; null while it has said nothing, and again when the title, the materials, the stages, the host country, the location or the promoter change.',
  ),
  endorsedBy: many(country, 'The members that endorse it, in the order in which they did.'),
  designation: optional(text(200), 'Title of the decision that designated it.'),
  designatedOn: optional(day, 'Day of that decision.'),
  designatedBy: optional(
    party,
    'Whose decision it was: SECRETARIAT where the alliance’s, as its secretariat recorded it.',
  ),
  milestones: many(
    composite('Milestone', 'A milestone that a project reached.', { ...milestone, ...report }),
    'The milestones reached, in the order in which they were reported.',
  ),
  delays: many(
    composite('Delay', 'A delay that a project met.', { ...delay, ...report }),
    'The delays, in the order in which they were reported.',
  ),
  completedOn: optional(day, 'The day on which it was completed.'),
  withdrawnBecause: optional(explanation, 'Why it was withdrawn.'),
  proposedAt: required(instant, 'When it was proposed.'),
  revisedAt: required(instant, 'When its terms last changed.'),
};
export type ProjectRow = RowOf<typeof project>;

/** The projects, as they stand now. */
export const projectsView = readModel<ProjectEvent, ProjectRow>({
  name: 'projects.projects',
  version: 2,
  of: project,
  node: {
    name: 'Project',
    description: 'A project along the value chain of critical raw materials.',
    marking: 'Who may see it.',
  },
  list: { name: 'projects', description: 'The projects that you may see.' },
  changed: 'Projects that you may see, as they change.',
  filter: {
    owner: 'Who proposed them.',
    hostCountry: 'On whose ground they stand.',
    status: 'How far they have come.',
    materials: 'Codes of materials, one of which is among theirs.',
    stages: 'Stages, one of which is among theirs.',
    endorsedBy: 'Countries, one of which endorses them.',
  },
  sort: ['title', 'proposedAt', 'status'],
  on: {
    'projects.ProjectProposed.v1': (_, { event: { data }, recordId, recordedAt: at }) => ({
      ...data,
      id: recordId,
      owner: data.marking.owner,
      status: 'PROPOSED',
      endorsedBy: [],
      milestones: [],
      delays: [],
      proposedAt: at,
      revisedAt: at,
    }),
    'projects.ProjectRevised.v1': (row, { event, recordedAt }) => {
      if (row === null) return null;
      const { changes } = event.data;
      const { consent, ...others } = row;
      const stands = consent && changedForHost(changes) === undefined;
      return { ...others, ...(stands && { consent }), ...changes, revisedAt: recordedAt };
    },
    'projects.HostConsentGiven.v1': (row, { event, recordedAt: at }) =>
      row && { ...row, consent: { ...event.data, given: true, at } },
    'projects.HostConsentRefused.v1': (row, { event: { data }, recordedAt: at }) =>
      row && { ...row, consent: { country: data.country, given: false, at, note: data.reason } },
    'projects.ProjectEndorsed.v1': (row, { event }) =>
      row && { ...row, endorsedBy: [...row.endorsedBy, event.data.country] },
    'projects.ProjectDesignated.v1': (
      row,
      {
        event: {
          data: { on, by, designation },
        },
      },
    ) =>
      row && { ...row, status: 'DESIGNATED', designatedOn: on, designatedBy: by, ...(designation && { designation }) },
    'projects.MilestoneReached.v1': (row, { event, recordedAt: at }) =>
      row && { ...row, milestones: [...row.milestones, { ...event.data, at }] },
    'projects.DelayReported.v1': (row, { event, recordedAt: at }) => {
      const { newEndsOn } = event.data;
      return (
        row && {
          ...row,
          delays: [...row.delays, { ...event.data, at }],
          ...(newEndsOn && { endsOn: newEndsOn, revisedAt: at }),
        }
      );
    },
    'projects.ProjectCompleted.v1': (row, { event }) =>
      row && { ...row, status: 'COMPLETED', completedOn: event.data.on },
    'projects.ProjectWithdrawn.v1': (row, { event }) =>
      row && { ...row, status: 'WITHDRAWN', withdrawnBecause: event.data.reason },
  },
});
