import { ownerAudience, reject, stream, type Capability, type RecordId, type Reference } from '@kernel';
import { accessRequestAccess } from './access-request/access-request.access.js';
import { accessRequestDecider, accessRequestRefusals } from './access-request/access-request.decider.js';
import { accessRequestsView } from './access-request/access-requests.view.js';
import { briefAccess } from './brief/brief.access.js';
import { briefDecider, briefRefusals } from './brief/brief.decider.js';
import type { Cited, SourceKind } from './brief/brief.events.js';
import { briefsView } from './brief/briefs.view.js';
import { useRequestAccess } from './use-request/use-request.access.js';
import {
  permitOf,
  useRequestDecider,
  useRequestRefusals,
  type UseRequestState,
} from './use-request/use-request.decider.js';
import { useRequestsView } from './use-request/use-requests.view.js';

export const briefStream = stream({
  category: 'brief',
  endsWith: ['briefs.BriefWithdrawn.v1'],
  decider: briefDecider,
  access: briefAccess,
  refusals: briefRefusals,
  notFound: 'BRIEFS.NOT_FOUND',
  targetOf: (command) => (command.type === 'WriteBrief' ? { fresh: true } : { id: command.id }),
  refersTo: (command) => (command.type === 'WithdrawBrief' ? [] : sourcesOf(command)),
  sourcesOf: (brief) => (brief ? sourcesOf(brief) : []),
});

export const useRequestStream = stream({
  category: 'useRequest',
  endsWith: ['briefs.UseWithdrawn.v1'],
  decider: useRequestDecider,
  access: useRequestAccess,
  refusals: useRequestRefusals,
  notFound: 'USES.NOT_FOUND',
  targetOf: (command) => (command.type === 'RequestUse' ? { fresh: true } : { id: command.id }),
  refersTo: (command) => (command.type === 'RequestUse' ? [cited(command.source, 'source')] : []),
  isMarkingFixed: true,
});

export const accessRequestStream = stream({
  category: 'accessRequest',
  decider: accessRequestDecider,
  access: accessRequestAccess,
  refusals: accessRequestRefusals,
  notFound: 'REQUESTS.NOT_FOUND',
  targetOf: (command) => (command.type === 'RequestAccess' ? { fresh: true } : { id: command.id }),
  // For the two parties and nobody else.
  defaultMarking: (command) => (command.type === 'RequestAccess' ? { releaseTo: [ownerAudience(command.of)] } : {}),
  isMarkingFixed: true,
});

/** What countries write from each other's records, with the approval of those whose records they are. */
export const briefs: Capability = {
  name: 'briefs',
  streams: [briefStream, useRequestStream, accessRequestStream],
  views: [briefsView, useRequestsView, accessRequestsView],
};

const CATEGORY: Readonly<Record<SourceKind, string>> = {
  PROJECT: 'project',
  PLEDGE: 'pledge',
  STOCK_DECLARATION: 'stockDeclaration',
  BRIEF: 'brief',
};

const cited = ({ kind, id }: Cited, field: string): Reference => ({
  category: CATEGORY[kind],
  at: { id },
  missing: reject('BRIEFS.SOURCE_NOT_FOUND', { field, value: id }),
});

/** What a brief is written from, and the approvals that it leans on. */
const sourcesOf = (of: {
  readonly sources: readonly Cited[];
  readonly approvals: readonly RecordId[];
}): readonly Reference[] => [
  ...of.sources.map((source) => ({
    ...cited(source, 'sources'),
    asSource: { unapproved: reject('BRIEFS.APPROVAL_NEEDED', { field: 'approvals', value: source.id }) },
  })),
  ...of.approvals.map(approval),
];

const approval = (id: RecordId): Reference<UseRequestState> => ({
  category: 'useRequest',
  at: { id },
  missing: reject('BRIEFS.APPROVAL_NOT_FOUND', { field: 'approvals', value: id }),
  permits: permitOf,
});
