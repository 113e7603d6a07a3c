/** `$tb` of a soft-deleted stream on the wire: everything before the end of int64 is cut off. */
const SOFT_DELETED_TB = '9223372036854775807';

/** Who may do what to a stream: names of users or roles. A missing entry means the default for the kind of stream. */
export interface AccessList {
  read?: string[];
  write?: string[];
  delete?: string[];
  metaRead?: string[];
  metaWrite?: string[];
}

/** What the last `$metadata` event of a stream's metastream says about it. */
export interface StreamSettings {
  /** Events below this revision are not returned by stream reads; `Infinity` for a soft-deleted stream. */
  truncateBefore: number;
  /** Only so many of the last events are returned. */
  maxCount: number;
  /** Events older than this are not returned, in seconds. */
  maxAge: number;
  access: AccessList;
}

export const NO_SETTINGS: StreamSettings = { truncateBefore: 0, maxCount: Infinity, maxAge: Infinity, access: {} };

/** A metastream shows only its last entry, as EventStoreDB does. */
export const METASTREAM_SETTINGS: StreamSettings = { ...NO_SETTINGS, maxCount: 1 };

export function isSoftDeleted(settings: StreamSettings): boolean {
  return settings.truncateBefore === Infinity;
}

/** Reads the body of a `$metadata` event. A body that is no JSON object sets nothing: EventStoreDB does not check it either. */
export function parseSettings(body: Uint8Array): StreamSettings {
  const metadata = parseObject(body);
  const tb = count(metadata['$tb'], 0);
  return {
    truncateBefore: tb > Number.MAX_SAFE_INTEGER ? Infinity : tb,
    maxCount: count(metadata['$maxCount'], Infinity),
    maxAge: count(metadata['$maxAge'], Infinity),
    access: parseAccess(metadata['$acl']),
  };
}

/** The body of a `$metadata` event that soft-deletes a stream and keeps its other settings. */
export function softDeletedBody(previous: Uint8Array): Uint8Array {
  // Written by hand because a JavaScript number cannot carry the largest int64.
  const { $tb: _, ...rest } = parseObject(previous);
  const others = JSON.stringify(rest).slice(1, -1);
  return Buffer.from(`{${others}${others ? ',' : ''}"$tb":${SOFT_DELETED_TB}}`);
}

/** The body of a `$metadata` event that brings a soft-deleted stream back, showing it from `revision` on. */
export function undeletedBody(previous: Uint8Array, revision: number): Uint8Array {
  return Buffer.from(JSON.stringify({ ...parseObject(previous), $tb: revision }));
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

function parseAccess(acl: unknown): AccessList {
  if (typeof acl !== 'object' || acl === null) return {};
  const access: AccessList = {};
  for (const [key, name] of Object.entries({
    $r: 'read',
    $w: 'write',
    $d: 'delete',
    $mr: 'metaRead',
    $mw: 'metaWrite',
  } as const)) {
    const names: unknown = (acl as Record<string, unknown>)[key];
    if (typeof names === 'string') access[name] = [names];
    else if (Array.isArray(names)) access[name] = names.filter((entry) => typeof entry === 'string');
  }
  return access;
}
