/** The answer to a command: facts to record, or a rejection with a stable code. A bug throws; a rejection never does. */
export type Decision<E, Code extends string> = Accepted<E> | Rejected<Code>;
export type Accepted<E> = { readonly ok: true; readonly events: readonly E[] };
export type Rejected<Code extends string = string> = {
  readonly ok: false;
  readonly code: Code;
  readonly details: Details;
};
/** Names and values that explain a rejection. They never say more than its receiver may know. */
export type Details = Readonly<Record<string, string>>;

/** Accepting without events means: it is so already, nothing to record. */
export const accept = <E>(...events: readonly E[]): Accepted<E> => ({ ok: true, events });
export const reject = <Code extends string>(code: Code, details: Details = {}): Rejected<Code> => ({
  ok: false,
  code,
  details,
});
