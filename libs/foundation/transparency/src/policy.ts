import { fromDecimal, toBase64 } from './encoding.js';
import { COSIGNATURE_V1, NOTE_ALGORITHMS, type NoteAlgorithms } from './note-algorithm.js';
import { parseVerifierKey, type VerifierKey } from './note-key.js';
import { hasSigned, openCheckpoint, type SignedCheckpoint } from './signed-checkpoint.js';
import { keyOf } from './signed-note.js';
import { fail, TransparencyError } from './transparency-error.js';

/** Who is trusted, and how many must have signed: a C2SP tlog-policy file. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or a group, or `none` where no cosignature is needed. */
  readonly quorum: string;
}

export interface PolicyLog {
  /** Its name is the origin of the log. */
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness {
  /** Within the policy only; the witness signs by the name of its key. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyGroup {
  readonly name: string;
  /** How many of the members are needed, at least 1. */
  readonly threshold: number;
  /** Names of witnesses and of groups defined before. */
  readonly members: readonly string[];
}

/** A checkpoint that the policy accepts. */
export interface WitnessedCheckpoint extends SignedCheckpoint {
  /** The policy's witnesses that cosigned it. */
  readonly witnesses: readonly PolicyWitness[];
}

const NONE = 'none';
const MAX_BYTES = 1_000_000;

/**
 * Reads a policy file.
 *
 * @param file a string, or its bytes. Names are compared byte by byte
 * @param algorithms signature types to accept
 * @throws {TransparencyError} POLICY_MALFORMED with the line: an unknown keyword, a bad key, a key or a name twice, a
 *   member that is not defined before or belongs to a group already, a threshold out of range, a quorum that is missing,
 *   repeated or unknown, a control character, a last line without its newline (the file may have been cut off)
 */
export function parsePolicy(file: string | Uint8Array, algorithms: NoteAlgorithms = NOTE_ALGORITHMS): Policy {
  return new PolicyReader(algorithms).read(file);
}

/**
 * Opens a checkpoint that counts: one of the policy's logs signed it, and its quorum of witnesses cosigned it.
 *
 * @param note the checkpoint as served, with all signatures
 * @param logs further logs that are trusted, for a policy that names none
 * @throws {TransparencyError} as {@link openCheckpoint}; QUORUM_MISSING
 */
export function openWitnessedCheckpoint(
  policy: Policy,
  note: string | Uint8Array,
  logs: readonly VerifierKey[] = [],
): WitnessedCheckpoint {
  const keys = (entries: readonly { key: VerifierKey }[]): VerifierKey[] => entries.map(({ key }) => key);
  const checkpoint = openCheckpoint(note, [...keys(policy.logs), ...logs], keys(policy.witnesses));
  const witnesses = policy.witnesses.filter(({ key }) => hasSigned(checkpoint.note, key));
  const names = witnesses.map(({ name }) => name);
  if (!quorumMet(policy, names)) {
    fail(
      'QUORUM_MISSING',
      `The policy needs ${policy.quorum} to have signed; of its witnesses, ${names.join(', ') || 'none'} did.`,
    );
  }
  return { ...checkpoint, witnesses };
}

/** Whether {@link openWitnessedCheckpoint} accepts the checkpoint. */
export function policySatisfied(policy: Policy, note: string | Uint8Array, logs: readonly VerifierKey[] = []): boolean {
  try {
    openWitnessedCheckpoint(policy, note, logs);
    return true;
  } catch (error) {
    if (error instanceof TransparencyError) return false;
    throw error;
  }
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function quorumMet(policy: Policy, witnesses: Iterable<string>): boolean {
  if (policy.quorum === NONE) return true;
  const signed = new Set(witnesses);
  // Groups name only what stands before them, so one pass in their order settles all.
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => signed.has(member)).length >= threshold) signed.add(name);
    else signed.delete(name);
  }
  return signed.has(policy.quorum);
}

class PolicyReader {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #defined = new Set<string>();
  readonly #grouped = new Set<string>();
  #quorum: string | undefined;
  #line = 0;

  constructor(private readonly algorithms: NoteAlgorithms) {}

  read(file: string | Uint8Array): Policy {
    const text = textOf(file);
    const lines = text.split('\n');
    for (const line of lines) {
      this.#line++;
      if (/[\0-\x08\x0b-\x1f\x7f]/.test(line)) this.#malformed('it has a control character');
      const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
      if (keyword === undefined || keyword.startsWith('#')) continue;
      if (this.#line === lines.length) this.#malformed('it does not end in a newline; the file may have been cut off');
      this.#entry(keyword, items);
    }
    this.#line = 0;
    const quorum =
      this.#quorum ?? this.#malformed('it has no quorum line; write "quorum none" if no witness is needed');
    this.#requireDistinctKeys();
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum };
  }

  #entry(keyword: string, items: string[]): void {
    switch (keyword) {
      case 'log':
        return this.#log(items);
      case 'witness':
        return this.#witness(items);
      case 'group':
        return this.#group(items);
      case 'quorum':
        return this.#setQuorum(items);
      default:
        this.#malformed(`${JSON.stringify(keyword)} is none of log, witness, group, quorum`);
    }
  }

  #log([vkey, url, ...more]: string[]): void {
    if (vkey === undefined || more.length > 0) return this.#malformed('it must read: log <vkey> [<url>]');
    const key = this.#key(vkey);
    this.#requireNewKey(key, this.#logs);
    this.#logs.push({ key, ...(url !== undefined && { url }) });
  }

  #witness([name, vkey, url, ...more]: string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) {
      return this.#malformed('it must read: witness <name> <vkey> [<url>]');
    }
    const key = this.#key(vkey);
    if (key.type !== COSIGNATURE_V1) {
      this.#malformed(`a witness cosigns with a key of type ${COSIGNATURE_V1}, and this one is of type ${key.type}`);
    }
    this.#requireNewKey(key, this.#witnesses);
    this.#define(name);
    this.#witnesses.push({ name, key, ...(url !== undefined && { url }) });
  }

  #group([name, count, ...members]: string[]): void {
    if (name === undefined || count === undefined || members.length === 0) {
      return this.#malformed('it must read: group <name> all|any|<number> <member>...');
    }
    const threshold = count === 'all' ? members.length : count === 'any' ? 1 : fromDecimal(count);
    if (threshold === undefined || threshold < 1 || threshold > members.length) {
      return this.#malformed(`${count} of ${members.length} members cannot be asked for`);
    }
    for (const member of members) {
      if (!this.#defined.has(member)) this.#malformed(`the member ${member} is not defined before`);
      if (this.#grouped.has(member)) this.#malformed(`${member} is a member already, and would count twice`);
      this.#grouped.add(member);
    }
    this.#define(name);
    this.#groups.push({ name, threshold, members });
  }

  #setQuorum([name, ...more]: string[]): void {
    if (name === undefined || more.length > 0) return this.#malformed('it must read: quorum <name>');
    if (this.#quorum !== undefined) this.#malformed('there is a quorum already');
    if (name !== NONE && !this.#defined.has(name)) this.#malformed(`${name} is not defined before`);
    this.#quorum = name;
  }

  #define(name: string): void {
    if (name === NONE) this.#malformed(`the name ${NONE} is reserved`);
    if (this.#defined.has(name)) this.#malformed(`the name ${name} is taken`);
    this.#defined.add(name);
  }

  #key(vkey: string): VerifierKey {
    try {
      return parseVerifierKey(vkey, this.algorithms);
    } catch (error) {
      if (error instanceof TransparencyError) return this.#malformed(error.message);
      throw error;
    }
  }

  #requireNewKey(key: VerifierKey, others: readonly { key: VerifierKey }[]): void {
    const encoded = toBase64(key.publicKey);
    if (others.some((other) => toBase64(other.key.publicKey) === encoded)) {
      this.#malformed('its public key is on a line before already');
    }
  }

  /** A log and a witness of one name and key id: no signature would tell them apart. */
  #requireDistinctKeys(): void {
    const logs = new Set(this.#logs.map(({ key }) => keyOf(key)));
    const both = this.#witnesses.find(({ key }) => logs.has(keyOf(key)));
    if (both) this.#malformed(`the key ${keyOf(both.key)} is a log's and a witness's`);
  }

  #malformed(reason: string): never {
    return fail('POLICY_MALFORMED', `Not a policy${this.#line > 0 ? `, line ${this.#line}` : ''}: ${reason}.`);
  }
}

/** Bytes that are not UTF-8 become one character each, so that names still differ where their bytes do. */
function textOf(file: string | Uint8Array): string {
  const bytes = Buffer.from(file as string);
  if (bytes.length > MAX_BYTES) fail('POLICY_MALFORMED', `Not a policy: it is longer than ${MAX_BYTES} bytes.`);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1');
}
