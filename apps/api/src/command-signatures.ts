import { signaturesOf, type AuditRegister } from '@capabilities/audit';
import { EventStoreUnavailable, isSignatureOf, keyIdIn, type Register, type SignedCommand } from '@foundation/eventing';
import { CommandSignatures, type Signed } from '@foundation/graphql';
import { reject, type Instant } from '@kernel';

const INVALID: Signed = { rejected: reject('SIGNATURES.INVALID', { field: 'signature' }) };

/** Signatures by the register of keys, which this node keeps in memory from the history. */
export class RegisteredSignatures extends CommandSignatures {
  #isReady = false;

  constructor(
    private readonly register: Register<AuditRegister>,
    private readonly now: () => Instant,
  ) {
    super();
    void register.ready.then(() => (this.#isReady = true));
  }

  check(signature: string | null, command: SignedCommand | null): Signed {
    if (!this.#isReady) throw new EventStoreUnavailable('the register of keys is not read yet');
    if (command === null) return signature === null ? {} : INVALID;
    const now = this.now();
    const { isDemanded, valid } = signaturesOf(this.register.state, command.party, now);
    if (signature === null)
      return isDemanded ? { rejected: reject('SIGNATURES.REQUIRED', { field: 'signature' }) } : {};
    const kid = keyIdIn(signature, now);
    const key = valid.find((each) => each.kid === kid);
    if (!key || !isSignatureOf(signature, command, key.publicKey)) return INVALID;
    return { signature: { kid: key.kid, jws: signature } };
  }
}
