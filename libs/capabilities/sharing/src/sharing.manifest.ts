import { stream, type Capability } from '@kernel';
import { erasuresView } from './erasure/erasures.view.js';
import { audienceChangesView } from './marking/audience-changes.view.js';
import { readingAccess } from './reading/reading.access.js';
import { readingDecider, readingRefusals } from './reading/reading.decider.js';
import { readingsView } from './reading/readings.view.js';
import { recallsView } from './reading/recalls.view.js';

export const readingStream = stream({
  category: 'reading',
  decider: readingDecider,
  access: readingAccess,
  refusals: readingRefusals,
  notFound: 'RECALLS.NOT_FOUND',
  targetOf: (command) =>
    command.type === 'AcknowledgeRecall'
      ? { id: command.id }
      : {
          key: `${command.kind} ${command.record} ${command.reader ?? ''}`,
          mayCreate: command.type === 'NoteReading',
        },
  isMarkingFixed: true,
  isOpen: true,
});

/** Who may read what, who has read it, and what becomes of that when the owner changes its mind or wants it erased. */
export const sharing: Capability = {
  name: 'sharing',
  streams: [readingStream],
  views: [audienceChangesView, erasuresView, readingsView, recallsView],
};
