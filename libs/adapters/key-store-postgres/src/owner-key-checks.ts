import { OwnerKeyUnfit } from '@foundation/eventing';
import type { OwnerKeys } from './owner-keys.js';
import { DATA_KEYS, OWNER_KEYS, placeOf, type Row } from './tables.js';

/** A question to the database of the keys. */
export type Ask = <T extends object>(text: string, values: unknown[]) => Promise<T[]>;
/** The same, several in one transaction. */
export type InTransaction = <T>(work: (ask: Ask) => Promise<T>) => Promise<T>;

/** How many keys from before check values were kept are tried: one of them may have been altered. */
const TRIED = 5;

/**
 * Whether the owners' keys at hand are those that the keys in the database were wrapped with. The database keeps a check
 * value for each owner; the first node that wraps for an owner writes it, and only then may a key be made, by a node that
 * holds one of the known keys at least.
 */
export class OwnerKeyChecks {
  /** Owners whose key is missing or another, with what is wrong. */
  readonly #unfit = new Map<string, string>();

  /** @param tell hears, for the operator, when a key is found unfit, and when it fits again */
  constructor(
    private readonly owners: OwnerKeys,
    private readonly ask: Ask,
    private readonly inTransaction: InTransaction,
    private readonly tell: (sentence: string) => void,
  ) {}

  /** As last looked at. */
  isUnfit(owner: string): boolean {
    return this.#unfit.has(owner);
  }

  /**
   * Looks whether the key of an owner is the one that the database knows. Where it knows none, the key at hand becomes
   * that one, and is made where there is none.
   * @throws OwnerKeyUnfit, DataKeysUnavailable
   */
  async demand(owner: string): Promise<void> {
    await this.#noted(owner, async () => {
      if (!(await this.#isKnown(this.ask, owner))) await this.#introduce(owner, true);
    });
  }

  /**
   * The same, and makes no key: of an owner that the database does not know, nothing is wrong.
   * @throws OwnerKeyUnfit, DataKeysUnavailable
   */
  async look(owner: string): Promise<void> {
    await this.#noted(owner, async () => {
      if (!(await this.#isKnown(this.ask, owner))) await this.#introduce(owner, false);
    });
  }

  /**
   * Looks whether it is the owner's key that does not open what is kept.
   * @throws OwnerKeyUnfit, DataKeysUnavailable
   */
  async explain(owner: string): Promise<void> {
    await this.#noted(owner, async () => {
      if (await this.#isKnown(this.ask, owner)) return;
      await this.owners.checkValue(owner);
      throw another(owner);
    });
  }

  /**
   * Looks at the keys of all owners that the database knows.
   * @throws DataKeysUnavailable
   */
  async survey(): Promise<void> {
    const known = await this.ask<{ owner: string }>(
      `SELECT owner FROM ${OWNER_KEYS} UNION SELECT owner FROM ${DATA_KEYS} WHERE wrapped IS NOT NULL`,
      [],
    );
    for (const { owner } of known) await unlessUnfit(this.look(owner));
  }

  /**
   * Whether the keys of all owners fit, as far as check values or earlier questions tell.
   * @throws DataKeysUnavailable
   */
  async allFit(): Promise<boolean> {
    const known = await this.ask<Known>(`SELECT owner, check_value FROM ${OWNER_KEYS}`, []);
    for (const each of known) await unlessUnfit(this.#noted(each.owner, () => this.#compare(each)));
    const others = [...this.#unfit.keys()].filter((owner) => !known.some((each) => each.owner === owner));
    for (const owner of others) await unlessUnfit(this.look(owner));
    return this.#unfit.size === 0;
  }

  async #isKnown(ask: Ask, owner: string): Promise<boolean> {
    const [known] = await ask<Known>(`SELECT owner, check_value FROM ${OWNER_KEYS} WHERE owner = $1`, [owner]);
    if (known) await this.#compare(known);
    return known !== undefined;
  }

  async #compare({ owner, check_value: known }: Known): Promise<void> {
    if (!known.equals(await this.owners.checkValue(owner))) throw another(owner);
  }

  /** One node after the other, so that two that meet a new owner at once end with one key. */
  async #introduce(owner: string, mayMake: boolean): Promise<void> {
    await this.inTransaction(async (ask) => {
      await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${OWNER_KEYS} ${owner}`]);
      if (await this.#isKnown(ask, owner)) return;
      const wrapped = await ask<Row & { wrapped: Buffer }>(
        `SELECT id, owner, wrapped FROM ${DATA_KEYS} WHERE owner = $1 AND wrapped IS NOT NULL ORDER BY number LIMIT $2`,
        [owner, TRIED],
      );
      if (wrapped.length === 0 && !mayMake) return;
      if (wrapped.length === 0 && (await this.#isAtHome(ask))) await this.owners.make(owner);
      const value = await this.owners.checkValue(owner);
      const opens = await Promise.all(wrapped.map((row) => this.#opens(row)));
      if (wrapped.length > 0 && !opens.includes(true)) throw another(owner);
      await ask(`INSERT INTO ${OWNER_KEYS} (owner, check_value) VALUES ($1, $2)`, [owner, value]);
    });
  }

  /** Whether one at least of the keys that the database knows is here: otherwise these are the keys of another platform, or lost. */
  async #isAtHome(ask: Ask): Promise<boolean> {
    const known = await ask<Known>(`SELECT owner, check_value FROM ${OWNER_KEYS}`, []);
    const fits = await Promise.all(
      known.map((each) =>
        this.#compare(each).then(
          () => true,
          () => false,
        ),
      ),
    );
    return known.length === 0 || fits.includes(true);
  }

  async #opens(row: Row & { wrapped: Buffer }): Promise<boolean> {
    return await this.owners.unwrap(row.owner, row.wrapped, placeOf(row)).then(
      () => true,
      () => false,
    );
  }

  async #noted(owner: string, look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (error instanceof OwnerKeyUnfit && this.#unfit.get(owner) !== error.message) {
        this.#unfit.set(owner, error.message);
        this.tell(
          `ALARM the key of ${owner} does not fit: ${error.message}. Nothing is recorded for ${owner} here, and what needs ` +
            'the key is withheld, until its file is restored from the backup of OWNER_KEYS_FOLDER; no restart is needed.',
        );
      }
      throw error;
    }
    if (this.#unfit.delete(owner)) this.tell(`the key of ${owner} fits again`);
  }
}

type Known = { owner: string; check_value: Buffer };

const another = (owner: string): OwnerKeyUnfit =>
  new OwnerKeyUnfit(`the key of ${owner} at hand is not the one that its keys in the database were wrapped with`);

const unlessUnfit = async (look: Promise<void>): Promise<void> =>
  look.catch((error: unknown) => {
    if (!(error instanceof OwnerKeyUnfit)) throw error;
  });
