import { Link } from '@tanstack/react-router';
import { More, Reading, Table } from '../../design/parts.tsx';
import { readingsQuery } from '../../documents/trust.documents.ts';
import { Page } from '../../frame/page.tsx';
import { usePages } from '../../platform/use-ask.ts';
import { instant, named, party, t } from '../../words/words.ts';

/** Who has read what of the reader's country. */
export default function Readings() {
  const read = usePages(readingsQuery, { first: 50 }, ({ readings }) => readings, { kinds: [] });
  return (
    <Page title={t('nav.readings')}>
      <p>{t('readings.text')}</p>
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('readings.caption')}
            rows={read.data?.pages.flatMap(({ readings }) => readings.nodes) ?? []}
            keyOf={({ id }) => id}
            empty={t('readings.empty')}
            columns={[
              {
                head: t('field.reader'),
                cell: ({ reader }) => (reader === null ? t('readings.somebody') : party(reader)),
              },
              {
                head: t('field.record'),
                cell: ({ kind, record }) => (
                  <Link to="/history" search={{ record }}>
                    {named('recordKind', kind)}
                  </Link>
                ),
              },
              { head: t('field.ways'), cell: ({ ways }) => ways.map(({ how }) => named('way', how)).join(', ') },
              { head: t('field.firstAt'), cell: ({ firstAt }) => instant(firstAt) },
              { head: t('field.lastAt'), cell: ({ lastAt }) => instant(lastAt) },
            ]}
          />
          <More pages={read} />
        </Reading>
      </div>
    </Page>
  );
}
