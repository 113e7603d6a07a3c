import { SEVERITIES, type AnyAlertKind, type Marked, type Severity } from '@kernel';
import type { MatchedRule, Subject } from './rule-index.js';

/** What filters ask of a row, whatever its view. */
export const subjectOf = (key: string, row: Marked | null): Subject => {
  const of = (row ?? {}) as Readonly<Record<string, unknown>>;
  const texts = (...names: readonly string[]): readonly string[] =>
    names.flatMap((name) => of[name] ?? []).filter((each) => typeof each === 'string');
  return {
    key,
    materials: texts('materials', 'material'),
    stages: texts('stages', 'stage'),
    parties: [
      ...new Set([
        ...(row ? [row.marking.owner] : []),
        ...texts('country', 'hostCountry', 'requester', 'owner', 'of', 'reader'),
      ]),
    ],
  };
};

/** What a person is shown of which record it is: its title, name or material. */
export const titleOf = (row: Marked | null): string | null => {
  const { title, name, material } = (row ?? {}) as Readonly<Record<string, unknown>>;
  return ([title, name, material].find((each) => typeof each === 'string') as string | undefined) ?? null;
};

/** Whether the filter of a rule lets a fact through. */
export const wants = (
  { owner, kinds, filter }: Pick<MatchedRule, 'owner' | 'kinds' | 'filter'>,
  kind: Pick<AnyAlertKind, 'kind' | 'severity'>,
  { key, materials, stages, parties }: Subject,
): boolean => {
  const { countries, mentionsOwnCountry, minSeverity } = filter;
  return (
    isAmong(kinds, [kind.kind]) &&
    isAmong(filter.records, [key]) &&
    isAmong(filter.materials, materials) &&
    isAmong(filter.stages, stages) &&
    isAmong(countries, parties) &&
    (!mentionsOwnCountry || parties.includes(owner)) &&
    (!minSeverity || isAtLeast(kind.severity, minSeverity))
  );
};

export const isAtLeast = (one: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(one) >= SEVERITIES.indexOf(least);

const isAmong = (wanted: readonly string[] | null | undefined, there: readonly string[]): boolean =>
  !wanted?.length || there.some((each) => wanted.includes(each));

/** How many minutes ahead a rule wants to be told of a due of this kind. */
export const leadsOf = ({ leads }: Pick<MatchedRule, 'leads'>, kind: AnyAlertKind): readonly number[] =>
  leads ?? kind.due?.leads ?? [];
