import { MarkingChips, More, Reading, Table } from '../../design/parts.tsx';
import { membersQuery } from '../../documents/trust.documents.ts';
import { Page } from '../../frame/page.tsx';
import { usePages } from '../../platform/use-ask.ts';
import { day, named, party, t } from '../../words/words.ts';

/** The member states of the alliance. */
export default function Members() {
  const read = usePages(membersQuery, { first: 100 }, ({ members }) => members, { kinds: [] });
  return (
    <Page title={t('nav.members')}>
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('members.caption')}
            rows={read.data?.pages.flatMap(({ members }) => members.nodes) ?? []}
            keyOf={({ country }) => country}
            empty={t('members.empty')}
            columns={[
              { head: t('field.country'), cell: ({ country }) => party(country) },
              { head: t('field.since'), cell: ({ since }) => day(since) },
              {
                head: t('field.profile'),
                cell: ({ profile }) => profile?.map((each) => named('profile', each)).join(', '),
              },
              { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
            ]}
          />
          <More pages={read} />
        </Reading>
      </div>
    </Page>
  );
}
