import { instant, oneOf, optional, party, readModel, recordId, required, text, type RowOf } from '@kernel';
import { accessAnswer, wish, type AccessRequestEvent } from './access-request.events.js';

export const accessRequestStatus = oneOf('AccessRequestStatus', 'What was said to an access request.', {
  ASKED: 'Nothing yet.',
  ...accessAnswer.meanings,
  GRANTED: 'The asked party lets the other in.',
});

const row = {
  id: required(recordId, 'Id of the access request.'),
  requester: required(party, 'Who asks.'),
  ...wish,
  of: required(party, 'Who is asked.'),
  reason: required(text(2000), 'Why.'),
  status: required(accessRequestStatus, 'What was said to it last.'),
  note: optional(text(2000), 'What goes with the answer.'),
  requestedAt: required(instant, 'When it was asked.'),
  answeredAt: optional(instant, 'When it was answered last.'),
};
export type AccessRequestRow = RowOf<typeof row>;

/** The access requests, each for the party that asks and the one that is asked. */
export const accessRequestsView = readModel<AccessRequestEvent, AccessRequestRow>({
  name: 'briefs.accessRequests',
  version: 1,
  of: row,
  node: {
    name: 'AccessRequest',
    description: 'A party asks another to be let in on what it may not know to exist. Between the two of them.',
    marking: 'Who may see it: the two parties.',
  },
  list: { name: 'accessRequests', description: 'The access requests of your party, and to it.' },
  changed: 'Access requests of your party, and to it, as they change.',
  filter: {
    requester: 'Who asks.',
    of: 'Who is asked.',
    material: 'Codes of materials.',
    status: 'What was said to them.',
  },
  sort: ['requestedAt'],
  on: {
    'briefs.AccessRequested.v1': (_, { event, recordId: id, recordedAt }) => ({
      ...event.data,
      id,
      requester: event.data.marking.owner,
      status: 'ASKED',
      requestedAt: recordedAt,
    }),
    'briefs.AccessRequestAnswered.v1': (before, { event, recordedAt }) => {
      if (!before) return null;
      const { answer: status, ...said } = event.data;
      const { note: _, ...asked } = before;
      return { ...asked, ...said, status, answeredAt: recordedAt };
    },
  },
});
