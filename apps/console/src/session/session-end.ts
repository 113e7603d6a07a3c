type Why = 'UNAUTHENTICATED' | 'RIGHTS_REVOKED';

let listener: (why: Why) => void = () => undefined;

/** Who hears that the session is over. */
export const onSessionEnd = (hear: (why: Why) => void): void => void (listener = hear);

/** Tells the page that the platform knows this browser no longer. */
export const sessionEnded = (why: Why): void => listener(why);
