import { createHash, randomInt } from 'node:crypto';
import { termsOf, type Marking, type Terms } from '@kernel';
import { LRUCache } from 'lru-cache';
import type { Client } from 'pg';
import { MARKINGS } from './visibility.js';

const REMEMBERED = 10_000;
/** Ids are positive integers of PostgreSQL. */
const IDS = { from: 1, to: 2 ** 31 - 1 };

/**
 * Ids are drawn, not counted, so that whoever sees a few of them learns nothing of how many there are, and cannot name
 * one that it has not seen. A class, once it has an id, is never changed or taken away.
 */
export const CREATE_MARKINGS = `
  CREATE TABLE IF NOT EXISTS ${MARKINGS} (
    id integer PRIMARY KEY, digest text COLLATE "C" NOT NULL UNIQUE,
    owner text NOT NULL, readers text[] NOT NULL, denied text[] NOT NULL, needed text[] NOT NULL,
    level smallint NOT NULL, opens_at timestamptz, closes_at timestamptz);`;

/** Gives markings the ids of their classes, on the projector's connection. */
export class MarkingClasses {
  readonly #known = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(private readonly client: Client) {}

  /** The ids of these markings' classes, made where there are none yet. Stands in a transaction of the caller's. */
  async idsOf(markings: Iterable<Marking>): Promise<ClassIds> {
    const terms = new Map([...markings].map(termsOf).map((each) => [written(each), each]));
    const ids = new Map<string, number>();
    for (const text of terms.keys()) {
      const id = this.#known.get(text);
      if (id !== undefined) ids.set(text, id);
    }
    const digests = new Map([...terms.keys()].filter((text) => !ids.has(text)).map((text) => [digestOf(text), text]));
    while (digests.size > 0) {
      // In one order for all who do this at a time, so that no two wait for each other.
      const missing = [...digests].sort(([a], [b]) => (a < b ? -1 : 1));
      await this.client.query(
        `INSERT INTO ${MARKINGS} (id, digest, owner, readers, denied, needed, level, opens_at, closes_at)
         SELECT id, digest, owner, readers, denied, needed, level, "opensAt", "closesAt"
         FROM jsonb_to_recordset($1::jsonb) AS given(id integer, digest text, owner text, readers text[], denied text[],
           needed text[], level smallint, "opensAt" timestamptz, "closesAt" timestamptz) ON CONFLICT DO NOTHING`,
        [
          JSON.stringify(
            missing.map(([digest, text]) => ({ ...terms.get(text)!, digest, id: randomInt(IDS.from, IDS.to) })),
          ),
        ],
      );
      const { rows } = await this.client.query<{ id: number; digest: string }>(
        `SELECT id, digest FROM ${MARKINGS} WHERE digest = ANY ($1)`,
        [[...digests.keys()]],
      );
      // One that is still missing drew an id that was taken, and draws again.
      for (const { id, digest } of rows) {
        ids.set(digests.get(digest)!, id);
        digests.delete(digest);
      }
    }
    return new ClassIds(ids);
  }

  /** To be called once the transaction that made them has been committed. */
  remember({ ids }: ClassIds): void {
    for (const [text, id] of ids) this.#known.set(text, id);
  }
}

/** The ids of the classes of some markings. */
export class ClassIds {
  constructor(readonly ids: ReadonlyMap<string, number>) {}

  of(marking: Marking): number {
    return this.ids.get(written(termsOf(marking)))!;
  }
}

/** Whether the readers of this marking change by the mere passing of time. */
export const hasInstants = (marking: Marking): boolean =>
  marking.embargoUntil !== undefined || marking.expiresAt !== undefined;

/** Equal for terms that ask the same, however their lists are ordered. */
export const written = ({ owner, readers, denied, needed, level, opensAt, closesAt }: Terms): string =>
  JSON.stringify([owner, readers.toSorted(), denied.toSorted(), needed.toSorted(), level, opensAt, closesAt]);

/** Connections can be longer than what an index may hold. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
