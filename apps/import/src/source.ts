import type { LodestoneClient } from '@adapters/lodestone-client';
import type { Capacity } from './platform.js';
import type { Row } from './row.js';

/** Rows of one kind, and who may issue them. */
export type Source = {
  readonly name: string;
  readonly issuedBy: Capacity;
  readonly rows: readonly Row[];
  /**
   * The keys under which the platform shows what it has of this kind; from them it is told what was there already. Left
   * out where the answer to each command tells.
   * @param atLeast position that must show
   */
  readonly shown?: (client: LodestoneClient, atLeast?: string) => Promise<ReadonlySet<string>>;
  /** Refusals by which the platform keeps what it has, with what the report says of such a row. */
  readonly leavesAlone?: Readonly<Record<string, string>>;
};
