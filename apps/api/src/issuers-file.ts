import { parseTrustedIssuers, type TrustedIssuer } from '@adapters/identity-oidc';
import { readFileSync, unwatchFile, watchFile, type StatsListener } from 'node:fs';

/** How often the file is looked at (milliseconds). Looked at, and not listened to: mounted secrets are links that move. */
const LOOK_MS = 2_000;

/** A file with trusted issuers. */
export class IssuersFile {
  private constructor(
    private readonly file: string,
    /** As they stood when it was last read. */
    readonly issuers: readonly TrustedIssuer[],
  ) {}

  /** @throws Error that says what is wrong with the file */
  static read(this: void, file: string): IssuersFile {
    try {
      return new IssuersFile(file, parseTrustedIssuers(readFileSync(file, 'utf8')));
    } catch (error) {
      throw new Error(`names a file that cannot be used: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Tells the issuers anew whenever the file changes, and at SIGHUP.
   * @param trust throws where the issuers cannot be trusted
   * @param failed hears why those of before stay
   */
  follow(
    trust: (issuers: readonly TrustedIssuer[]) => void,
    failed: (problem: string) => void,
    ends: AbortSignal,
  ): void {
    const again = (): void => {
      try {
        trust(IssuersFile.read(this.file).issuers);
      } catch (error) {
        failed(`TRUSTED_ISSUERS_FILE ${(error as Error).message}`);
      }
    };
    const changed: StatsListener = (now, before) => {
      // Called for mere reading, too.
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) again();
    };
    watchFile(this.file, { interval: LOOK_MS, persistent: false }, changed);
    process.on('SIGHUP', again);
    ends.addEventListener('abort', () => {
      unwatchFile(this.file, changed);
      process.off('SIGHUP', again);
    });
  }
}
