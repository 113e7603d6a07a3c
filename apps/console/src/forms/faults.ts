/** A command that was refused. */
export type Rejected = {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/**
 * What is wrong with which field. Of a malformed input `details` has each field with its reason; other refusals name one
 * field, or none.
 * @param messageOf the sentence for a code
 */
export const faultsOf = (
  { code, message, details }: Rejected,
  messageOf: (code: string, message: string) => string,
): ReadonlyMap<string, string> => {
  const { field, ...others } = details;
  if (code === 'INPUT.INVALID') {
    const each = Object.entries(others).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (each.length > 0) return new Map(each);
  }
  return typeof field === 'string' ? new Map([[field, messageOf(code, message)]]) : new Map();
};
