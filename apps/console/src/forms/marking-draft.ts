import type { VariablesOf } from '../platform/graphql.ts';
import type { previewQuery } from '../documents/trust.documents.ts';

/** A marking as it is being chosen; empty texts are left to the platform. */
export type Draft = {
  readonly releaseTo: readonly string[];
  readonly displayOnlyTo: readonly string[];
  readonly denyTo: readonly string[];
  readonly handling: string;
  readonly level: string;
  /** The embargo ends when this day begins in UTC. */
  readonly embargoDay: string;
};

/** For the party alone, until somebody is named. */
export const NOBODY_ELSE: Draft = {
  releaseTo: [],
  displayOnlyTo: [],
  denyTo: [],
  handling: '',
  level: 'OPEN',
  embargoDay: '',
};

type Input = VariablesOf<typeof previewQuery>['marking'];

/** The marking as a command takes it: what was not chosen is left out. */
export const inputOf = ({ releaseTo, displayOnlyTo, denyTo, handling, level, embargoDay }: Draft): Input => ({
  ...(releaseTo.length > 0 && { releaseTo: [...releaseTo] }),
  ...(displayOnlyTo.length > 0 && { displayOnlyTo: [...displayOnlyTo] }),
  ...(denyTo.length > 0 && { denyTo: [...denyTo] }),
  ...(handling !== '' && { handling: handling as NonNullable<Input['handling']> }),
  ...(level !== 'OPEN' && { level: level as NonNullable<Input['level']> }),
  ...(embargoDay !== '' && { embargoUntil: `${embargoDay}T00:00:00.000Z` }),
});

/** What was typed into a form, as a command takes it: empty texts are left out. */
export const filledIn = <T extends Record<string, unknown>>(form: T): { [K in keyof T]?: Exclude<T[K], ''> } =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')) as never;
