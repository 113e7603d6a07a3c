import type { CommandSignature, SignedCommand } from '@foundation/eventing';
import type { Rejected } from '@kernel';

/** What stands beside a command, or against it. */
export type Signed = { readonly signature?: CommandSignature; readonly rejected?: Rejected };

/** Knows whose signatures count now, and who demands them. */
export abstract class CommandSignatures {
  /**
   * @param signature the one that was sent; null where none was
   * @param command null where the person acts for nobody, who signs nothing
   */
  abstract check(signature: string | null, command: SignedCommand | null): Signed;
}
