import { createHash } from 'node:crypto';
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { assertGoodPublicKey, canonicalize, PUBLIC_KEY_LENGTH, TransparencyError } from '@foundation/transparency';
import { CommandInput, connectionOf, InstantScalar, Is, orderOf, PartyScalar } from '@foundation/transport';
import { instant, InvalidValue, text } from '@kernel';
import { IsBoolean, IsOptional } from 'class-validator';
import type { DemandSignatures, RegisterKey, RevokeKey } from './signing-keys.decider.js';
import type { SigningKeyRow } from './signing-keys.view.js';

const explanation = text(2000);
const label = text(200);

/**
 * The 32 bytes of an Ed25519 public key in base64url, from that, from base64, or from a JWK (RFC 8037).
 * @throws InvalidValue for anything else, and for keys under which a signature proves nothing
 */
export const ed25519Key = (given: string): string => {
  const bytes = Buffer.from(given.trimStart().startsWith('{') ? xOf(given) : given, 'base64url');
  if (bytes.length !== PUBLIC_KEY_LENGTH)
    throw new InvalidValue('must be an Ed25519 public key: 32 bytes in base64, or a JWK of kty OKP and crv Ed25519');
  try {
    assertGoodPublicKey(bytes);
  } catch (error) {
    if (error instanceof TransparencyError)
      throw new InvalidValue('must be a key from honest key generation: this one proves nothing');
    throw error;
  }
  return bytes.toString('base64url');
};

const xOf = (given: string): string => {
  try {
    const { kty, crv, x, d } = JSON.parse(given) as Readonly<Record<string, unknown>>;
    if (kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && d === undefined) return x;
  } catch {
    // Told below, in the same words.
  }
  throw new InvalidValue('must be the public part of an Ed25519 key as JWK: kty OKP, crv Ed25519, x, and no d');
};

/** RFC 7638: the same key has the same id for everybody. */
export const thumbprint = (publicKey: string): string =>
  createHash('sha256')
    .update(canonicalize({ crv: 'Ed25519', kty: 'OKP', x: publicKey }))
    .digest('base64url');

@InputType({ description: 'A key with which a ministry of yours signs its commands.' })
export class RegisterKeyInput extends CommandInput {
  @Field(() => String, { description: 'Which ministry or office holds the private key, 200 characters at most.' })
  @Is(label)
  ministry!: string;
  @Field(() => String, { description: 'Ed25519 public key: 32 bytes in base64, or a JWK (RFC 8037) as text.' })
  @Is(ed25519Key)
  publicKey!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'From when its signatures count; now where left out.' })
  @IsOptional()
  @Is(instant)
  validFrom?: string;
}

export const toRegisterKey = (input: RegisterKeyInput): RegisterKey => {
  const publicKey = ed25519Key(input.publicKey);
  return {
    type: 'RegisterKey',
    ministry: label(input.ministry),
    publicKey,
    kid: thumbprint(publicKey),
    ...(input.validFrom && { validFrom: instant(input.validFrom) }),
  };
};

@InputType({ description: 'A key whose signatures are to count no longer.' })
export class RevokeKeyInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the key: its RFC 7638 thumbprint.' })
  @Is(text(64))
  kid!: string;
  @Field(() => String, { description: 'Why, for the record, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toRevokeKey = (input: RevokeKeyInput): RevokeKey => ({
  type: 'RevokeKey',
  kid: input.kid,
  reason: explanation(input.reason),
});

@InputType({ description: 'Whether commands of your party have to be signed.' })
export class DemandSignaturesInput extends CommandInput {
  @Field(() => Boolean, { description: 'Whether they have to be, from now on.' })
  @IsBoolean()
  on!: boolean;
  @Field(() => String, { description: 'Why, for the record, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toDemandSignatures = (input: DemandSignaturesInput): DemandSignatures => ({
  type: 'DemandSignatures',
  on: input.on,
  reason: explanation(input.reason),
});

@ObjectType('SigningKey', { description: 'A key with which a ministry signs its commands.' })
export class SigningKeyType {
  @Field(() => ID, { description: 'Its RFC 7638 thumbprint.' })
  kid!: string;
  @Field(() => PartyScalar, { description: 'Whose ministry.' })
  party!: string;
  @Field(() => String, { description: 'Which ministry or office holds the private key.' })
  ministry!: string;
  @Field(() => String, { description: 'Ed25519 public key, 32 bytes in base64url.' })
  publicKey!: string;
  @Field(() => InstantScalar, { description: 'From when its signatures count.' })
  validFrom!: string;
  @Field(() => InstantScalar, { description: 'When it was registered.' })
  registeredAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When it was revoked, if it was.' })
  revokedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was revoked.' })
  reason!: string | null;
}

export const toSigningKey = ({ marking: _, ...row }: SigningKeyRow): SigningKeyType => ({
  ...row,
  revokedAt: row.revokedAt ?? null,
  reason: row.reason ?? null,
});

@InputType({ description: 'Which keys; several values of one field mean any of them.' })
export class SigningKeyFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Whose.' })
  party?: string[];
  @Field(() => [ID], { nullable: true, description: 'Ids of keys.' })
  kid?: string[];
}

export const SigningKeyConnection = connectionOf(SigningKeyType, 'SigningKey');
export const SigningKeyOrder = orderOf('SigningKey', { REGISTERED_AT: 'registeredAt' });
