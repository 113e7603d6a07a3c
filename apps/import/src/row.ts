/** One row of a source, on its way into the platform. */
export type Row = RowToIssue | RowToSkip | RowToReject;

export type RowToIssue = {
  readonly line: number;
  /** What the row is about, for the report: `gallium, CN, 2024, REFINING`. */
  readonly subject: string;
  /** Name of the mutation. */
  readonly mutation: string;
  /** With a `commandId`, so that it can be sent again. */
  readonly input: { readonly commandId: string } & Readonly<Record<string, unknown>>;
  /** Under which key the platform shows it; left out where the platform names the record. */
  readonly key?: string;
};
/** A row that is right, and nothing that the platform keeps. */
export type RowToSkip = { readonly line: number; readonly skipped: string };
/** A row that is wrong. */
export type RowToReject = { readonly line: number; readonly rejected: string };
