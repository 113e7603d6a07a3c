import { accept, reject, type Decision } from './decision.js';
import type { DomainEvent } from './event.js';
import { isSameMarking, ownerAlone, type Marked, type Marking } from './marking.js';
import { isPlatform } from './platform.js';
import { partyOf, hasRole, type Principal } from './principal.js';
import type { AnyRecordType, Command } from './record-type.js';
import type { PersonRef, RecordId } from './values.js';
import type { AnyView } from './view.js';
import { isContentWithheld } from './withheld.js';

/* Events that every type of record has: its marking changed, its content was erased. They stand in the record's own
   stream. No decider of a capability sees them: what is decided on a record never depends on who may read it. */

/** The audience of the record is another from here on. */
export type MarkingChanged = DomainEvent<
  'access.MarkingChanged.v1',
  { readonly marking: Marking; readonly reason: string }
>;
/**
 * One person of the owner wants the content erased. `basis` is the law or rule that asks for it; the marking is that of
 * the request, for the owner alone.
 */
export type ErasureRequested = DomainEvent<
  'access.ErasureRequested.v1',
  Marked & { readonly basis: string; readonly requestedBy: PersonRef }
>;
/** A second person agrees: the key of the content is destroyed. The record stays in the history, and says nothing more. */
export type ContentErased = DomainEvent<'access.ContentErased.v1', ErasureRequested['data']>;
export type RecordEvent = MarkingChanged | ErasureRequested | ContentErased;

/** The owner gives its record another audience. */
export type ChangeMarking = Command<'ChangeMarking'> & { readonly id: RecordId; readonly reason: string };
export type RequestErasure = Command<'RequestErasure'> & { readonly id: RecordId; readonly basis: string };
export type ApproveErasure = Command<'ApproveErasure'> & { readonly id: RecordId };
/** Lets the time that has passed take effect in the record's own stream. Only the platform gives it. */
export type NoteTime = Command<'NoteTime'> & { readonly id: RecordId };
export type RecordCommand = ChangeMarking | RequestErasure | ApproveErasure | NoteTime;

export const recordRejections = {
  'MARKING.FIXED': 'The audience of this kind of record follows from what it is and cannot be changed.',
  'ERASURE.NOTHING_SEALED': 'Records of this kind are open by their nature; nothing in them can be erased.',
  'ERASURE.NOT_REQUESTED': 'Nobody has asked for the erasure of this record: one person asks, a second one approves.',
  'ERASURE.SAME_PERSON': 'An erasure needs two persons: whoever asked for it cannot approve it as well.',
} as const;
type RecordRejection = keyof typeof recordRejections;

/** What is known of a record beside its content. */
export type RecordState = {
  /** Null before its first event. */
  readonly marking: Marking | null;
  readonly erasure: ErasureRequested['data'] | null;
  /** Whether its content, or a part of it, cannot be read any more: it answers as if it were not there. */
  readonly isErased: boolean;
};
export const NO_RECORD: RecordState = { marking: null, erasure: null, isErased: false };

/** Names of the commands that any record takes. */
export const RECORD_COMMANDS: readonly string[] = [
  'ChangeMarking',
  'RequestErasure',
  'ApproveErasure',
  'NoteTime',
] satisfies RecordCommand['type'][];
const EVENTS: readonly string[] = [
  'access.MarkingChanged.v1',
  'access.ErasureRequested.v1',
  'access.ContentErased.v1',
] satisfies RecordEvent['type'][];

export const isRecordCommand = (command: Command): command is RecordCommand => RECORD_COMMANDS.includes(command.type);
export const isRecordEvent = (event: DomainEvent): event is RecordEvent => EVENTS.includes(event.type);

/** Facts about an erasure outlive the content, so they are not sealed with it. */
export const isErasure = (event: DomainEvent): boolean =>
  isRecordEvent(event) && event.type !== 'access.MarkingChanged.v1';

/** The record after any event of its stream. */
export const evolveRecord = (record: RecordState, event: DomainEvent): RecordState => {
  if (isContentWithheld(event))
    return { ...record, marking: record.marking ?? event.data.marking ?? null, isErased: true };
  if (!isRecordEvent(event))
    return { ...record, marking: record.marking ?? (event.data as Partial<Marked>).marking ?? null };
  switch (event.type) {
    case 'access.MarkingChanged.v1':
      return { ...record, marking: event.data.marking };
    case 'access.ErasureRequested.v1':
      return { ...record, erasure: event.data };
    case 'access.ContentErased.v1':
      return { ...record, isErased: true };
  }
};

/**
 * Whether this person may issue such a command at all. Whom a record is released to, and whether it is to be no more,
 * is for its owner's own people to say, and not for whom they let act for them.
 */
export const mayIssueOfRecord = (command: RecordCommand, who: Principal): boolean =>
  command.type === 'NoteTime'
    ? isPlatform(who)
    : who.mandate === null &&
      hasRole(who, 'DELEGATE', 'SECRETARIAT', ...(command.type === 'ApproveErasure' ? (['APPROVER'] as const) : []));

/** Only the owner's people may. */
export const mayActOnRecord = (who: Principal, { marking }: RecordState): boolean => marking?.owner === partyOf(who);

/** @param marking the one that is asked for, completed */
export const decideRecord = (
  command: RecordCommand,
  { erasure, marking: before }: RecordState,
  { isMarkingFixed, encrypted }: Pick<AnyRecordType, 'isMarkingFixed' | 'encrypted'>,
  { who, marking }: { readonly who: Principal; readonly marking: Marking },
): Decision<RecordEvent, RecordRejection> => {
  switch (command.type) {
    case 'ChangeMarking':
      if (isMarkingFixed) return reject('MARKING.FIXED');
      if (before !== null && isSameMarking(before, marking)) return accept();
      return accept({ type: 'access.MarkingChanged.v1', data: { marking, reason: command.reason } });
    case 'RequestErasure':
      if (encrypted === false) return reject('ERASURE.NOTHING_SEALED');
      if (erasure) return accept();
      return accept({
        type: 'access.ErasureRequested.v1',
        data: { basis: command.basis, requestedBy: who.person, marking: ownerAlone(before ?? marking) },
      });
    case 'ApproveErasure':
      if (!erasure) return reject('ERASURE.NOT_REQUESTED');
      if (erasure.requestedBy === who.person) return reject('ERASURE.SAME_PERSON');
      return accept({ type: 'access.ContentErased.v1', data: erasure });
    case 'NoteTime':
      // What has become due is in the record before anything is decided.
      return accept();
  }
};

/** The row of a record after such an event: under its new marking; gone with its content. */
export const withRecordEvent = (view: AnyView, row: Marked | null, event: RecordEvent): Marked | null => {
  switch (event.type) {
    case 'access.MarkingChanged.v1':
      return (
        row && ((view.onMarkingChanged?.(row, event.data.marking) ?? { ...row, marking: event.data.marking }) as Marked)
      );
    case 'access.ErasureRequested.v1':
      return row;
    case 'access.ContentErased.v1':
      return null;
  }
};
