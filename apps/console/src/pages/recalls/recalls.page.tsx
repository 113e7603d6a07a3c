import { Chip, More, Reading, Table } from '../../design/parts.tsx';
import { recallsQuery } from '../../documents/trust.documents.ts';
import { Page } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import { usePages } from '../../platform/use-ask.ts';
import { useMe } from '../../session/session.ts';
import { instant, named, party, t } from '../../words/words.ts';
import { AcknowledgeForm } from './acknowledge.form.tsx';

/** Recall notices: those that the reader's party was sent, and those that it has sent. */
export default function Recalls() {
  useLive('recall');
  const me = useMe().data?.me;
  const read = usePages(recallsQuery, { first: 50 }, ({ recalls }) => recalls, { kinds: ['recall'] });
  const all = read.data?.pages.flatMap(({ recalls }) => recalls.nodes) ?? [];
  return (
    <Page title={t('nav.recalls')}>
      <p>{t('recalls.text')}</p>
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('nav.recalls')}
            rows={all}
            keyOf={({ id }) => id}
            empty={t('recalls.empty')}
            columns={[
              { head: t('field.issuedAt'), cell: ({ issuedAt }) => instant(issuedAt) },
              { head: t('field.owner'), cell: ({ owner }) => party(owner) },
              { head: t('field.reader'), cell: ({ reader }) => reader && party(reader) },
              { head: t('field.kind'), cell: ({ kind }) => named('recordKind', kind) },
              { head: t('field.cause'), cell: ({ cause }) => named('recallCause', cause) },
              {
                head: t('field.status'),
                cell: ({ id, acknowledgedAt, reader }) =>
                  acknowledgedAt ? (
                    <Chip tone="ok">{t('recalls.acknowledged', { at: instant(acknowledgedAt) })}</Chip>
                  ) : reader !== null && reader === me?.country ? (
                    <AcknowledgeForm id={id} />
                  ) : (
                    <Chip tone="warn">{t('recalls.open')}</Chip>
                  ),
              },
            ]}
          />
          <More pages={read} />
        </Reading>
      </div>
    </Page>
  );
}
