import { Link } from '@tanstack/react-router';
import { MarkingChips, More, Reading, Status, Table } from '../../design/parts.tsx';
import { pledgesQuery } from '../../documents/projects.documents.ts';
import { Page } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import { usePages } from '../../platform/use-ask.ts';
import { day, money, named, party, t } from '../../words/words.ts';

/** The pledges that the reader may see, to every project. */
export default function Pledges() {
  useLive('pledge');
  const read = usePages(
    pledgesQuery,
    { first: 50, orderBy: { field: 'PLEDGED_AT', direction: 'DESC' } },
    ({ pledges }) => pledges,
    { kinds: ['pledge'] },
  );
  return (
    <Page title={t('nav.pledges')}>
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('pledges.caption')}
            rows={read.data?.pages.flatMap(({ pledges }) => pledges.nodes) ?? []}
            keyOf={({ id }) => id}
            empty={t('pledges.empty')}
            columns={[
              {
                head: t('kind.PROJECT'),
                cell: ({ projectId, project }) => (
                  <Link to="/projects/$id" params={{ id: projectId }}>
                    {project?.title ?? t('kind.PROJECT')}
                  </Link>
                ),
              },
              { head: t('field.country'), cell: ({ country }) => party(country) },
              { head: t('field.kind'), cell: ({ kind }) => named('pledgeKind', kind) },
              { head: t('field.amount'), isNumber: true, cell: (row) => money(row.amount, row.currency) },
              { head: t('field.confirmed'), isNumber: true, cell: (row) => money(row.confirmed, row.currency) },
              { head: t('field.drawn'), isNumber: true, cell: (row) => money(row.drawn, row.currency) },
              { head: t('field.expiresOn'), cell: ({ expiresOn }) => expiresOn && day(expiresOn) },
              { head: t('field.status'), cell: (row) => <Status type="status" value={row.status} /> },
              { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
            ]}
          />
          <More pages={read} />
        </Reading>
      </div>
    </Page>
  );
}
