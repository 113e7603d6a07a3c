import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Card, Chip, Reading } from '../../design/parts.tsx';
import { historyQuery, recordAtQuery } from '../../documents/trust.documents.ts';
import { TextField } from '../../forms/field.tsx';
import { Page } from '../../frame/page.tsx';
import type { ResultOf } from '../../platform/graphql.ts';
import { useAsk } from '../../platform/use-ask.ts';
import { instant, named, party, t } from '../../words/words.ts';

type Fact = NonNullable<ResultOf<typeof historyQuery>['history']>['facts'][number];

/** What happened to a record, and how it was known at any moment, as far as the reader may read it. */
export default function History() {
  const { record = '' } = useSearch({ strict: false }) as { record?: string };
  const navigate = useNavigate();
  const [id, setId] = useState(record);
  const read = useAsk(historyQuery, { id: record }, { kinds: [], enabled: record !== '' });
  const facts = read.data?.history?.facts ?? [];
  return (
    <Page title={t('nav.history')}>
      <form
        className="card"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ to: '/history', search: { record: id.trim() } });
        }}
      >
        <TextField name="record" label={t('history.record')} hint={t('history.record.hint')} value={id} set={setId} />
        <button className="button main">{t('history.show')}</button>
      </form>
      {record !== '' && (
        <Reading read={read}>
          {read.data?.history == null ? (
            <p className="card">{t('nothing.text')}</p>
          ) : (
            <>
              <Known key={record} id={record} facts={facts} />
              <Card title={t('history.facts', { count: facts.length })}>
                <ol className="list">
                  {facts.map((fact) => (
                    <li key={fact.eventId}>
                      <OneFact fact={fact} />
                    </li>
                  ))}
                </ol>
              </Card>
            </>
          )}
        </Reading>
      )}
    </Page>
  );
}

const OneFact = ({ fact }: { fact: Fact }) => (
  <>
    <p className="row">
      <span className="quiet">{instant(fact.at)}</span>
      <strong>{named('event', fact.type.split('.')[1] ?? fact.type)}</strong>
      {fact.by && <span>{party(fact.by)}</span>}
      {!fact.isOpen && <Chip tone="warn">{t('history.closed')}</Chip>}
    </p>
    {fact.changes.length > 0 && (
      <details>
        <summary>{t('history.changes', { count: fact.changes.length })}</summary>
        <dl>
          {fact.changes.map(({ list, field, before, after }) => (
            <div key={`${list} ${field}`} style={{ display: 'contents' }}>
              <dt>{field}</dt>
              <dd>
                {before != null && <del className="old">{text(before)}</del>} <ins className="new">{text(after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    )}
  </>
);

/** The record as it was known at a fact, beside what is known now of that moment: two clocks. */
const Known = ({ id, facts }: { id: string; facts: readonly Fact[] }) => {
  const [at, setAt] = useState(facts.length - 1);
  const fact = facts[at];
  const read = useAsk(recordAtQuery, { id, at: fact?.at ?? null }, { kinds: [], enabled: fact !== undefined });
  if (!fact) return null;
  const then = fieldsOf(read.data?.recordAt?.knownThen);
  const now = fieldsOf(read.data?.recordAt?.knownNow);
  return (
    <Card title={t('history.known')}>
      <label className="label" htmlFor="moment">
        {t('history.moment', { at: instant(fact.at), n: at + 1, all: facts.length })}
      </label>
      <input
        id="moment"
        className="input"
        type="range"
        min={0}
        max={facts.length - 1}
        value={at}
        aria-valuetext={instant(fact.at)}
        onChange={({ target }) => setAt(Number(target.value))}
      />
      <Reading read={read}>
        <div className="scroll" tabIndex={0} role="region" aria-label={t('history.known')}>
          <table>
            <caption>{t('history.known.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('field.name')}</th>
                <th scope="col">{t('history.then')}</th>
                <th scope="col">{t('history.now')}</th>
              </tr>
            </thead>
            <tbody>
              {[...new Set([...then.keys(), ...now.keys()])].map((field) => (
                <tr key={field}>
                  <th scope="row">{field}</th>
                  <td>{text(then.get(field))}</td>
                  <td>
                    {text(then.get(field)) === text(now.get(field)) ? t('difference.same') : text(now.get(field))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Reading>
    </Card>
  );
};

type Rows = readonly { readonly list: string; readonly fields: unknown }[] | null | undefined;
const fieldsOf = (rows: Rows): ReadonlyMap<string, unknown> =>
  new Map((rows ?? []).flatMap(({ fields }) => Object.entries(fields as Record<string, unknown>)));

const text = (value: unknown): string =>
  value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1);
