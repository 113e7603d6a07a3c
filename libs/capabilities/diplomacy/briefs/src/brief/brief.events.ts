import { many, otherwise, recordId, required, text, type DomainEvent, type Marked, type Of } from '@kernel';
import { source } from '../source/source.events.js';

export const content = {
  title: required(text(200), 'What it is called.'),
  text: required(text(10_000), 'What it says.'),
  /** Its readers learn of those that they may read themselves. */
  sources: many(
    source,
    'The records that it is written from, 1 to 50: ones that you can read. It goes no further than they do.',
    { least: 1, most: 50, distinct: true },
  ),
  /** The use requests whose approval it leans on. */
  approvals: otherwise(
    many(recordId, 'Ids of approved use requests that it leans on, 50 at most.', { most: 50, distinct: true }),
    [],
  ),
};
export type Content = Of<typeof content>;

/** Stream `brief-<id>`: a short text that a country writes from the records of others. */
export type BriefEvent = BriefWritten | BriefRevised | BriefWithdrawn;

export type BriefWritten = DomainEvent<'briefs.BriefWritten.v1', Content & Marked>;
/** The whole brief as it reads from here on. */
export type BriefRevised = DomainEvent<'briefs.BriefRevised.v1', Content>;
export type BriefWithdrawn = DomainEvent<'briefs.BriefWithdrawn.v1', { readonly reason: string }>;
