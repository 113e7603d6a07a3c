import { view, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { BriefEvent, Cited } from './brief.events.js';

export const BRIEF_STATUSES = ['WRITTEN', 'WITHDRAWN'] as const;
export type BriefStatus = (typeof BRIEF_STATUSES)[number];

/** Of a withdrawn brief, neither text nor sources are left. */
export type BriefRow = Marked & {
  readonly id: RecordId;
  readonly owner: Party;
  readonly title: string;
  readonly text?: string;
  /** All of them: each reader is shown those that it may read itself. So no list filters by them. */
  readonly sources: readonly Cited[];
  readonly status: BriefStatus;
  readonly withdrawnBecause?: string;
  readonly writtenAt: Instant;
  readonly revisedAt: Instant;
};

/** The briefs, each for those to whom its country released it. */
export const briefsView = view<BriefEvent, BriefRow>({
  name: 'briefs.briefs',
  version: 1,
  events: ['briefs.BriefWritten.v1', 'briefs.BriefRevised.v1', 'briefs.BriefWithdrawn.v1'],
  fields: {
    owner: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    title: { kind: 'text', sort: true },
    writtenAt: { kind: 'text', sort: true },
    revisedAt: { kind: 'text', sort: true },
  },
  unreplayed: ['sources'],
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'briefs.BriefWritten.v1': {
        const { title, text, sources, marking } = event.data;
        const written = { writtenAt: recordedAt, revisedAt: recordedAt };
        return { id, owner: marking.owner, title, text, sources, status: 'WRITTEN', ...written, marking };
      }
      case 'briefs.BriefRevised.v1': {
        const { title, text, sources } = event.data;
        return row && { ...row, title, text, sources, revisedAt: recordedAt };
      }
      case 'briefs.BriefWithdrawn.v1': {
        if (!row) return null;
        const { text: _, ...kept } = row;
        return { ...kept, sources: [], status: 'WITHDRAWN', withdrawnBecause: event.data.reason };
      }
    }
  },
});
