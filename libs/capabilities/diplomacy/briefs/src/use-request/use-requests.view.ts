import {
  audience,
  audienceName,
  instant,
  many,
  omittable,
  oneOf,
  optional,
  party,
  readModel,
  recordId,
  required,
  text,
  type RowOf,
} from '@kernel';
import { source, sourceKind } from '../source/source.events.js';
import { use, type UseRequestEvent } from './use-request.events.js';

export const useStatus = oneOf('UseStatus', 'What became of a use request.', {
  REQUESTED: 'Waits for the owner of the record.',
  APPROVED: 'Allowed by the owner, for the audience and the time that it names.',
  REFUSED: 'Refused by the owner, or taken back.',
  WITHDRAWN: 'Withdrawn by the party that asked.',
});

const shown = {
  id: required(recordId, 'Id of the use request.'),
  requester: required(party, 'Who asks.'),
  owner: required(party, 'Whose record it is.'),
  purpose: use.purpose,
  audience: many(audience, 'Who else was to learn of it, as asked.'),
  explanation: required(text(2000), 'Why.'),
  status: required(useStatus, 'What became of it.'),
  approvedFor: omittable(many(audience, 'For whom it is approved; null while it is not.')),
  approvedUntil: optional(instant, 'Until when it is approved; null where the owner named no end.'),
  refusedBecause: optional(text(2000), 'Why it was refused or taken back.'),
  requestedAt: required(instant, 'When it was asked.'),
};
const row = {
  ...shown,
  kind: required(sourceKind, 'What kind of record it is about.'),
  sourceId: required(recordId, 'Id of that record.'),
};
export type UseRequestRow = RowOf<typeof row>;

/** The use requests, each for the party that asks and the one that is asked. */
export const useRequestsView = readModel<UseRequestEvent, UseRequestRow>({
  name: 'briefs.useRequests',
  version: 1,
  of: row,
  node: {
    name: 'UseRequest',
    description: 'A party asks the owner of a record whether it may use it beyond reading it. Between the two of them.',
    marking: 'Who may see it: the two parties.',
    of: { ...shown, source: required(source, 'The record.') },
    show: ({ kind, sourceId, ...asked }) => ({
      ...asked,
      source: { kind, id: sourceId },
      audience: asked.audience.map(audienceName),
      ...(asked.approvedFor && { approvedFor: asked.approvedFor.map(audienceName) }),
    }),
  },
  list: { name: 'useRequests', description: 'The use requests of your party, and to it.' },
  changed: 'Use requests of your party, and to it, as they change.',
  filter: {
    requester: 'Who asks.',
    owner: 'Who is asked.',
    sourceId: 'Ids of the records that they are about.',
    purpose: 'What for.',
    status: 'What became of them.',
  },
  sort: ['requestedAt'],
  on: {
    'briefs.UseRequested.v1': (_, { event, recordId: id, recordedAt }) => {
      const { source: about, sourceOwner: owner, ...asked } = event.data;
      const { owner: requester } = asked.marking;
      const of = { kind: about.kind, sourceId: about.id };
      return { ...asked, ...of, id, requester, owner, status: 'REQUESTED', requestedAt: recordedAt };
    },
    'briefs.UseApproved.v1': (before, { event }) => {
      const { audience: approvedFor, until } = event.data;
      return before && { ...asOf(before), status: 'APPROVED', approvedFor, ...(until && { approvedUntil: until }) };
    },
    'briefs.UseRefused.v1': (before, { event }) =>
      before && { ...asOf(before), status: 'REFUSED', refusedBecause: event.data.reason },
    'briefs.UseWithdrawn.v1': (before) => before && { ...asOf(before), status: 'WITHDRAWN' },
  },
});

/** The request without what was answered to it. */
const asOf = ({ approvedFor: _, approvedUntil: __, refusedBecause: ___, ...asked }: UseRequestRow): UseRequestRow =>
  asked;
