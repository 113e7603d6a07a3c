import { countries } from './codes.ts';
import { useDeferredValue } from 'react';
import { Chip } from '../design/parts.tsx';
import { previewQuery } from '../documents/trust.documents.ts';
import type { ResultOf } from '../platform/graphql.ts';
import { HANDLINGS, LEVELS } from '../platform/markings.ts';
import { useAsk } from '../platform/use-ask.ts';
import { useMe } from '../session/session.ts';
import { named, party, t } from '../words/words.ts';
import { SelectField, TagsField, TextField } from './field.tsx';
import { inputOf, type Draft } from './marking-draft.ts';

/** Who may see a record: chosen on one side, and on the other, live, what the platform says to it. */
export const MarkingEditor = ({ draft, set }: { draft: Draft; set: (draft: Draft) => void }) => {
  const { data } = useMe();
  const groups = (data?.me.groups ?? []).map(({ id, name }) => ({ value: id, text: name }));
  const audiences = [
    ...['PUBLIC', 'MEMBERS', 'SECRETARIAT'].map((value) => ({ value, text: named('audience', value) })),
    ...groups,
    ...countries(),
  ];
  const change = (part: Partial<Draft>): void => set({ ...draft, ...part });
  const tags = { choices: audiences, add: t('marking.add'), remove: (text: string) => t('marking.remove', { text }) };
  return (
    <div className="two">
      <div>
        <TagsField
          {...tags}
          name="marking.releaseTo"
          label={t('marking.releaseTo')}
          hint={t('marking.releaseTo.hint')}
          values={draft.releaseTo}
          set={(releaseTo) => change({ releaseTo })}
        />
        <TagsField
          {...tags}
          name="marking.displayOnlyTo"
          label={t('marking.displayOnlyTo')}
          values={draft.displayOnlyTo}
          set={(displayOnlyTo) => change({ displayOnlyTo })}
        />
        <TagsField
          {...tags}
          name="marking.denyTo"
          label={t('marking.denyTo')}
          values={draft.denyTo}
          set={(denyTo) => change({ denyTo })}
        />
        <SelectField
          name="marking.handling"
          label={t('marking.handling')}
          value={draft.handling}
          set={(handling) => change({ handling })}
          empty={t('marking.handling.usual')}
          choices={HANDLINGS.map((value) => ({ value, text: named('handling', value) }))}
        />
        <SelectField
          name="marking.level"
          label={t('marking.level')}
          value={draft.level}
          set={(level) => change({ level })}
          choices={LEVELS.map((value) => ({ value, text: named('level', value) }))}
        />
        <TextField
          name="marking.embargoUntil"
          label={t('marking.embargo')}
          type="date"
          value={draft.embargoDay}
          set={(embargoDay) => change({ embargoDay })}
        />
      </div>
      <Preview draft={draft} audiences={audiences} />
    </div>
  );
};

type Preview = ResultOf<typeof previewQuery>['previewAudience'] & { __typename: 'AudiencePreview' };
export type Sees = Preview['parties'][number];

const SEES: readonly string[] = ['READS', 'DISPLAY_ONLY', 'NOT_YET', 'DEPENDS'];

const Preview = ({ draft, audiences }: { draft: Draft; audiences: readonly { value: string; text: string }[] }) => {
  const marking = useDeferredValue(draft);
  const { data, isFetching } = useAsk(previewQuery, { marking: inputOf(marking) }, { kinds: ['group'] });
  const preview = data?.previewAudience;
  const nameOf = (audience: string): string =>
    audiences.find(({ value }) => value === audience)?.text ?? party(audience);
  return (
    <section className="card" aria-label={t('preview.title')} aria-busy={isFetching}>
      <div role="status">
        {preview?.__typename === 'AudiencePreview' && (
          <p>
            <strong>{t('preview.count', { count: preview.readers, all: preview.parties.length })}</strong>
          </p>
        )}
        {preview?.__typename === 'CommandRejected' && (
          <p className="wrong-text">
            {named('refusal', preview.code) === preview.code ? preview.message : named('refusal', preview.code)}
          </p>
        )}
      </div>
      {preview?.__typename === 'AudiencePreview' && <Parties parties={preview.parties} nameOf={nameOf} />}
      {preview?.__typename === 'AudiencePreview' &&
        preview.others
          .filter(({ isResolved }) => !isResolved)
          .map(({ audience }) => (
            <p key={audience} className="small">
              {t('preview.unresolved', { group: nameOf(audience) })}
            </p>
          ))}
    </section>
  );
};

const TONE = { READS: 'ok', DISPLAY_ONLY: 'warn', NOT_YET: 'warn', DEPENDS: 'warn' } as const;

/** Each party that sees something of it, and why; the others by their number. */
export const Parties = ({
  parties,
  nameOf = party,
}: {
  parties: readonly Sees[];
  nameOf?: (audience: string) => string;
}) => {
  const seeing = parties.filter(({ verdict }) => SEES.includes(verdict));
  const denied = parties.filter(({ deniedBy }) => deniedBy.length > 0);
  return (
    <>
      <ul className="list">
        {[...seeing, ...denied].map((each) => (
          <li key={each.party} className="between">
            <span>
              <strong>{party(each.party)}</strong>{' '}
              <span className="quiet small">
                {each.deniedBy.length > 0
                  ? t('preview.denied')
                  : each.because.length === 0
                    ? t('preview.owner')
                    : t('preview.because', { audiences: each.because.map(nameOf).join(', ') })}
              </span>
            </span>
            <Chip tone={each.verdict in TONE ? TONE[each.verdict as keyof typeof TONE] : ''}>
              {named('verdict', each.verdict)}
            </Chip>
          </li>
        ))}
      </ul>
      <p className="small quiet">{t('preview.hidden', { count: parties.length - seeing.length - denied.length })}</p>
    </>
  );
};
