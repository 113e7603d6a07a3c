import { Link } from '@tanstack/react-router';
import { Chip, MarkingChips, More, Reading, Status, Table } from '../../design/parts.tsx';
import { stocksQuery } from '../../documents/supply.documents.ts';
import type { CsvColumn } from '../../exports/csv.ts';
import { ExportButton } from '../../exports/export.button.tsx';
import { Page } from '../../frame/page.tsx';
import type { ResultOf } from '../../platform/graphql.ts';
import { useLive } from '../../platform/live.ts';
import { usePages } from '../../platform/use-ask.ts';
import { has, useMe } from '../../session/session.ts';
import { day, party, t, tonnes } from '../../words/words.ts';

type Stock = ResultOf<typeof stocksQuery>['stockDeclarations']['nodes'][number];
const COLUMNS: readonly CsvColumn<Stock>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'country', of: ({ country }) => country },
  { head: 'material', of: ({ material }) => material },
  { head: 'form', of: ({ form }) => form },
  { head: 'purity', of: ({ purity }) => purity },
  { head: 'quantity', of: ({ quantity }) => quantity },
  { head: 'asOf', of: ({ asOf }) => asOf },
  { head: 'status', of: ({ status }) => status },
];
const ORDER = { field: 'DECLARED_AT', direction: 'DESC' } as const;

/** The stock declarations that the reader may see. */
export default function Stocks() {
  useLive('stockDeclaration');
  const me = useMe().data?.me;
  const read = usePages(stocksQuery, { first: 50, orderBy: ORDER }, ({ stockDeclarations }) => stockDeclarations, {
    kinds: ['stockDeclaration'],
  });
  const rows = read.data?.pages.flatMap(({ stockDeclarations }) => stockDeclarations.nodes) ?? [];
  return (
    <Page
      title={t('nav.stocks')}
      aside={
        <>
          <ExportButton
            list="stocks"
            document={stocksQuery}
            variables={{ first: 200, orderBy: ORDER }}
            pageOf={({ stockDeclarations }) => stockDeclarations}
            columns={COLUMNS}
            shown={rows}
          />
          {has(me, 'DELEGATE') && (
            <Link className="button main" to="/stocks/declare">
              {t('stocks.declare')}
            </Link>
          )}
        </>
      }
    >
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('stocks.caption')}
            rows={rows}
            keyOf={({ id }) => id}
            empty={t('stocks.empty')}
            columns={[
              {
                head: t('field.material'),
                cell: ({ material }) => (
                  <Link to="/materials/$code" params={{ code: material }}>
                    {material}
                  </Link>
                ),
              },
              { head: t('field.country'), cell: ({ country }) => party(country) },
              { head: t('field.quantity'), isNumber: true, cell: ({ quantity }) => quantity && tonnes(quantity) },
              { head: t('field.form'), cell: ({ form }) => form },
              { head: t('field.asOf'), cell: ({ asOf }) => asOf && day(asOf) },
              {
                head: t('field.status'),
                cell: ({ status, pendingCorrection }) => (
                  <>
                    <Status type="status" value={status} />
                    {pendingCorrection && <Chip tone="warn">{t('stocks.correction')}</Chip>}
                  </>
                ),
              },
              { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
              {
                head: t('nav.history'),
                cell: ({ id }) => (
                  <Link to="/history" search={{ record: id }}>
                    {t('history.of')}
                  </Link>
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
