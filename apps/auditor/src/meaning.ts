import { LogDamaged } from '@adapters/transparency-log-sqlite';
import { EXIT, type Meaning } from '@foundation/configuration';
import { DataKeysUnavailable, EventStoreUnavailable, ReadStoreUnavailable } from '@foundation/eventing';
import { TransparencyError, type TransparencyFault } from '@foundation/transparency';

/** Of a note or a proof that says what it should and is not true. A text that is none may come from anybody: a wrong address. */
const REFUTING: readonly TransparencyFault[] = [
  'NOTE_UNSIGNED',
  'SIGNATURE_INVALID',
  'ORIGIN_MISMATCH',
  'QUORUM_MISSING',
  'PROOF_REFUSED',
];

/** What errors of the libraries mean for a command of the auditor. */
export const meaning: Meaning = (error) => {
  if (error instanceof LogDamaged) return EXIT.REFUTED;
  if (error instanceof TransparencyError) return REFUTING.includes(error.fault) ? EXIT.REFUTED : EXIT.UNDECIDED;
  const isOutage = [EventStoreUnavailable, ReadStoreUnavailable, DataKeysUnavailable].some(
    (kind) => error instanceof kind,
  );
  return isOutage ? EXIT.UNDECIDED : undefined;
};
