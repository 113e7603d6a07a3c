let latest: string | null = null;

/** The position of the latest command that this page has given; reads wait for it. Null where it has given none. */
export const position = (): string | null => latest;

/** Reads wait for this position from now on. */
export const reachedBy = (accepted: string): void => void (latest = accepted);
