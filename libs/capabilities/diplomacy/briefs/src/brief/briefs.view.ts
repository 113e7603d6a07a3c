import { instant, oneOf, optional, party, readModel, recordId, required, text, type RowOf } from '@kernel';
import { content, type BriefEvent } from './brief.events.js';

export const briefStatus = oneOf('BriefStatus', 'Whether a brief still stands.', {
  WRITTEN: 'It stands as it reads.',
  WITHDRAWN: 'Withdrawn by the country that wrote it; its text and its sources are gone.',
});

const shown = {
  id: required(recordId, 'Id of the brief.'),
  owner: required(party, 'The country that wrote it.'),
  title: content.title,
  text: optional(content.text.value, 'What it says; null once withdrawn.'),
  status: required(briefStatus, 'Whether it still stands.'),
  withdrawnBecause: optional(text(2000), 'Why it was withdrawn.'),
  writtenAt: required(instant, 'When it was written.'),
  revisedAt: required(instant, 'When it was last written anew.'),
};
/** All sources: each reader is shown those that it may read itself. So no list filters by them. */
const row = { ...shown, sources: content.sources };
/** Of a withdrawn brief, neither text nor sources are left. */
export type BriefRow = RowOf<typeof row>;

/** The briefs, each for those to whom its country released it. */
export const briefsView = readModel<BriefEvent, BriefRow>({
  name: 'briefs.briefs',
  version: 1,
  of: row,
  node: {
    name: 'Brief',
    description: 'A short text that a country wrote from the records of others.',
    of: shown,
    marking: 'Who may see it.',
  },
  list: { name: 'briefs', description: 'The briefs that you may see.' },
  changed: 'Briefs that you may see, as they change.',
  alsoShows: ['projects.projects', 'projects.pledges', 'stockpiles.stockDeclarations', 'briefs.briefs'],
  filter: { owner: 'Who wrote them.', status: 'Whether they still stand.' },
  sort: ['title', 'writtenAt', 'revisedAt'],
  notInReplay: ['sources'],
  on: {
    'briefs.BriefWritten.v1': (_, { event, recordId: id, recordedAt }) => {
      const { approvals: __, ...written } = event.data;
      const { owner } = written.marking;
      return { ...written, id, owner, status: 'WRITTEN', writtenAt: recordedAt, revisedAt: recordedAt };
    },
    'briefs.BriefRevised.v1': (before, { event, recordedAt }) => {
      const { approvals: __, ...written } = event.data;
      return before && { ...before, ...written, revisedAt: recordedAt };
    },
    'briefs.BriefWithdrawn.v1': (before, { event }) => {
      if (!before) return null;
      const { text: __, ...kept } = before;
      return { ...kept, sources: [], status: 'WITHDRAWN', withdrawnBecause: event.data.reason };
    },
  },
});
