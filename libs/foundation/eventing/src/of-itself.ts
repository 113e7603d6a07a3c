import type { OfItself } from '@kernel';
import type { CommandRejected, Issued, Outcome } from './outcome.js';

/* What becomes of a command that the platform gives by itself. */

export type Issue = (issued: Issued) => Promise<Outcome>;

/** Whether it is neither done nor refused for good. */
export const isToBeAskedAgain = (outcome: Outcome): boolean =>
  !outcome.accepted && (outcome.code === 'STREAM.BUSY' || outcome.code.endsWith('.NOT_DUE'));

/**
 * Whether a refusal is none that the platform should ever get. Another node that was first is none, nor that the record
 * is withheld by now, its content erased or altered: nothing more is recorded in it.
 */
export const isMistake = (outcome: Outcome, { recordType }: OfItself): outcome is CommandRejected =>
  !outcome.accepted && outcome.code !== 'COMMAND.ID_REUSED' && outcome.code !== recordType.notFound;

/** For whoever runs the platform; it tells nothing of the contents. */
export const mistake = (commandId: string, { recordType, command }: OfItself, { code }: CommandRejected): string =>
  `ALARM ${command.type} to a ${recordType.category}, which the platform gave by itself (${commandId}), was refused with ` +
  `${code}: a mistake in the platform. Nothing else waits for it.`;
