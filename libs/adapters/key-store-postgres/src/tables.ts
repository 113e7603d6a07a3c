/** Schema of the keys, apart from the read models and from their backups. */
export const SCHEMA = 'lodestone_keys';
/** The keys of the contents, each wrapped by its owner's; without what was wrapped, it is destroyed. */
export const DATA_KEYS = `${SCHEMA}.data_keys`;
/** The check value of each owner's key. No node may change what stands there. */
export const OWNER_KEYS = `${SCHEMA}.owner_keys`;

export type Row = { id: string; owner: string; wrapped: Buffer | null };

/** A wrapped key that is put under another id does not open. */
export const placeOf = ({ id, owner }: Pick<Row, 'id' | 'owner'>): string => `${id} ${owner}`;
