export type Rejection = { readonly line: number; readonly subject: string | null; readonly reason: string };

/** What became of the rows of one source. */
export class Tally {
  recorded = 0;
  alreadyThere = 0;
  readonly skipped = new Map<string, number>();
  readonly rejected: Rejection[] = [];

  constructor(
    readonly source: string,
    /** Rows read; those that were reached are counted below. */
    readonly read: number,
  ) {}

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  reject(rejection: Rejection): void {
    this.rejected.push(rejection);
  }

  get skippedInAll(): number {
    return [...this.skipped.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Rows that were not reached because the import broke off. */
  get left(): number {
    return this.read - this.recorded - this.alreadyThere - this.skippedInAll - this.rejected.length;
  }
}
