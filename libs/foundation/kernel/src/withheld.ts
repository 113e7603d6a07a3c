import type { DomainEvent } from './event.js';
import type { Marked } from './marking.js';

/** What stands for an event whose content cannot be read any more. It is never recorded. */
export type ContentWithheld = DomainEvent<
  'access.ContentWithheld.v1',
  Partial<Marked> & {
    /** Wire name of the event that it stands for. */
    readonly of: string;
    /** Its key was destroyed, or it is not what was recorded: an alarm. */
    readonly because: 'ERASED' | 'ALTERED';
  }
>;
export const CONTENT_WITHHELD = 'access.ContentWithheld.v1';
export const isContentWithheld = (event: DomainEvent): event is ContentWithheld => event.type === CONTENT_WITHHELD;
