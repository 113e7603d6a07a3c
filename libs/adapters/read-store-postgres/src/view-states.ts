import type { AnyView } from '@kernel';
import type { Client } from 'pg';
import { SCHEMA } from './tables.js';

/** How far each view has come; null where it has not begun. */
export const positionsOf = async (
  client: Client,
  views: readonly AnyView[],
): Promise<ReadonlyMap<string, bigint | null>> => {
  const { rows } = await client.query<{ name: string; version: number; position: string | null }>(
    `SELECT name, version, position FROM ${SCHEMA}.views`,
  );
  const stored = new Map(rows.map(({ name, version, position }) => [`${name}/${version}`, position]));
  return new Map(
    views.map((view) => {
      const position = stored.get(`${view.name}/${view.version}`) ?? null;
      return [view.name, position === null ? null : BigInt(position)];
    }),
  );
};

/** The streams whose records each view withholds, since an event of theirs cannot be read. */
export const withheldOf = async (client: Client, views: readonly AnyView[]): Promise<Map<AnyView, Set<string>>> => {
  const { rows } = await client.query<{ view: string; version: number; stream: string }>(
    `SELECT view, version, stream FROM ${SCHEMA}.unreadable`,
  );
  return new Map(
    views.map((view) => [
      view,
      new Set(rows.flatMap((row) => (row.view === view.name && row.version === view.version ? [row.stream] : []))),
    ]),
  );
};

/** The views that readers see. */
export const publishedOf = async (client: Client, views: readonly AnyView[]): Promise<Set<AnyView>> => {
  const { rows } = await client.query<{ name: string; version: number }>(
    `SELECT name, version FROM ${SCHEMA}.views WHERE published`,
  );
  return new Set(
    views.filter((view) => rows.some(({ name, version }) => name === view.name && version === view.version)),
  );
};

/** Notes why a view does not go on, for whoever runs the system. */
export const noteFailure = async (client: Client, view: AnyView, reason: unknown): Promise<void> => {
  await client.query(`UPDATE ${SCHEMA}.views SET failure = $3 WHERE name = $1 AND version = $2`, [
    view.name,
    view.version,
    reason instanceof Error ? reason.message : String(reason),
  ]);
};

/** How far readers of a view are; why it does not go on, where it does not. Null where no version is for readers yet. */
export type ViewStanding = { readonly name: string; readonly position: bigint | null; readonly failure: string | null };
