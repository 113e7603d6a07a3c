import { canonicalize, type CompactJws, compactJws, NoJws, verifyEd25519 } from '@foundation/transparency';
import type { Instant, Party } from '@kernel';

/** What a client signs of a command: all that is decided on, and nothing of how it is transported. */
export type SignedCommand = {
  /** The command's type: the mutation's name with a capital, `ProposeProject`. */
  readonly command: string;
  /** The input of the mutation without `signature` and `commandId`; what is null is left out, what has a default is there. */
  readonly input: object;
  readonly commandId: string;
  /** In whose name it is given. */
  readonly party: Party;
};

/** RFC 8785 JSON of what is signed. */
export const commandToSign = ({ command, input, commandId, party }: SignedCommand): string =>
  canonicalize({ command, commandId, input: withoutNulls(input) as object, party });

/** How far a signature's time may be from the platform's, in seconds. */
const LEEWAY_S = 300;
/** RFC 8037, and its successor RFC 9864. */
const ALGORITHMS: readonly unknown[] = ['EdDSA', 'Ed25519'];
const LONGEST = 2_000;

/**
 * The id of the key that a detached compact JWS (RFC 7515, appendix F) names; null where it is none that this platform
 * takes: EdDSA, with `kid`, and with `iat` within five minutes of now.
 */
export const keyIdIn = (jws: string, now: Instant): string | null => {
  const { alg, kid, iat, crit, b64 } = detached(jws)?.header ?? {};
  const isFresh = typeof iat === 'number' && Math.abs(Date.parse(now) / 1000 - iat) <= LEEWAY_S;
  const isPlain = crit === undefined && b64 === undefined;
  return ALGORITHMS.includes(alg) && typeof kid === 'string' && isFresh && isPlain ? kid : null;
};

/**
 * Whether the signature is the key's over the command.
 * @param jws detached, in the one spelling that RFC 7515 gives it; any other holds for nobody
 * @param publicKey Ed25519, 32 bytes in base64url
 */
export const isSignatureOf = (jws: string, signed: SignedCommand, publicKey: string): boolean => {
  const parts = detached(jws);
  if (parts === null) return false;
  const payload = Buffer.from(commandToSign(signed)).toString('base64url');
  return verifyEd25519(
    Buffer.from(publicKey, 'base64url'),
    Buffer.from(`${parts.headerText}.${payload}`),
    parts.signature,
  );
};

const detached = (text: string): CompactJws | null => {
  if (text.length > LONGEST) return null;
  try {
    const jws = compactJws(text);
    return jws.payload.length === 0 && jws.signature.length > 0 ? jws : null;
  } catch (error) {
    if (error instanceof NoJws) return null;
    throw error;
  }
};

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === null || each === undefined ? [] : [[name, withoutNulls(each)]],
    ),
  );
};
