import { view, type CountryCode, type Day, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import {
  changedForHost,
  type Delay,
  type Milestone,
  type ProjectEvent,
  type ProjectStatus,
  type Terms,
} from './project.events.js';

export type ProjectRow = Terms &
  Marked & {
    readonly id: RecordId;
    readonly owner: Party;
    readonly status: ProjectStatus;
    /** What the host country said; absent while it has said nothing, and again when that which it spoke of changes. */
    readonly consent?: HostConsent;
    readonly endorsedBy: readonly CountryCode[];
    readonly milestones: readonly (Milestone & Report)[];
    readonly delays: readonly (Delay & Report)[];
    readonly designation?: string;
    readonly designatedOn?: Day;
    /** Whose decision the designation was: the secretariat records the alliance's. */
    readonly designatedBy?: Party;
    readonly completedOn?: Day;
    readonly withdrawnBecause?: string;
    readonly proposedAt: Instant;
    /** When its terms were last changed; at first when it was proposed. */
    readonly revisedAt: Instant;
  };

/** `note` is what the host added to its consent, or the reason of its refusal. */
export type HostConsent = {
  readonly country: CountryCode;
  readonly given: boolean;
  readonly at: Instant;
  readonly note?: string;
};

/** Which country reported it, the owner or the host, and when. */
export type Report = { readonly by: CountryCode; readonly at: Instant };

/** The projects, as they stand now. */
export const projectsView = view<ProjectEvent, ProjectRow>({
  name: 'projects.projects',
  version: 2,
  events: [
    'projects.ProjectProposed.v1',
    'projects.ProjectRevised.v1',
    'projects.HostConsentGiven.v1',
    'projects.HostConsentRefused.v1',
    'projects.ProjectEndorsed.v1',
    'projects.ProjectDesignated.v1',
    'projects.MilestoneReached.v1',
    'projects.DelayReported.v1',
    'projects.ProjectCompleted.v1',
    'projects.ProjectWithdrawn.v1',
  ],
  fields: {
    owner: { kind: 'text', filter: true },
    hostCountry: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true, sort: true },
    materials: { kind: 'texts', filter: true },
    stages: { kind: 'texts', filter: true },
    endorsedBy: { kind: 'texts', filter: true },
    title: { kind: 'text', sort: true },
    proposedAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId, recordedAt: at }) => {
    if (event.type === 'projects.ProjectProposed.v1') {
      return {
        ...event.data,
        id: recordId,
        owner: event.data.marking.owner,
        status: 'PROPOSED',
        endorsedBy: [],
        milestones: [],
        delays: [],
        proposedAt: at,
        revisedAt: at,
      };
    }
    return row && after(row, event, at);
  },
});

type Later = Exclude<ProjectEvent, { readonly type: 'projects.ProjectProposed.v1' }>;

const after = (row: ProjectRow, event: Later, at: Instant): ProjectRow => {
  switch (event.type) {
    case 'projects.ProjectRevised.v1': {
      const { changes } = event.data;
      const { consent, ...others } = row;
      const stands = consent && changedForHost(changes) === undefined;
      return { ...others, ...(stands && { consent }), ...changes, revisedAt: at };
    }
    case 'projects.HostConsentGiven.v1':
      return { ...row, consent: { ...event.data, given: true, at } };
    case 'projects.HostConsentRefused.v1': {
      const { country, reason } = event.data;
      return { ...row, consent: { country, given: false, at, note: reason } };
    }
    case 'projects.ProjectEndorsed.v1':
      return { ...row, endorsedBy: [...row.endorsedBy, event.data.country] };
    case 'projects.ProjectDesignated.v1': {
      const { on, by, designation } = event.data;
      return { ...row, status: 'DESIGNATED', designatedOn: on, designatedBy: by, ...(designation && { designation }) };
    }
    case 'projects.MilestoneReached.v1':
      return { ...row, milestones: [...row.milestones, { ...event.data, at }] };
    case 'projects.DelayReported.v1': {
      const { newEndsOn } = event.data;
      return {
        ...row,
        delays: [...row.delays, { ...event.data, at }],
        ...(newEndsOn && { endsOn: newEndsOn, revisedAt: at }),
      };
    }
    case 'projects.ProjectCompleted.v1':
      return { ...row, status: 'COMPLETED', completedOn: event.data.on };
    case 'projects.ProjectWithdrawn.v1':
      return { ...row, status: 'WITHDRAWN', withdrawnBecause: event.data.reason };
  }
};
