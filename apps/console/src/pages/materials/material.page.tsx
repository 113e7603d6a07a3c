import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Card, Facts, MarkingChips, Nothing, Reading, Status, Table } from '../../design/parts.tsx';
import { materialQuery } from '../../documents/supply.documents.ts';
import { SelectField } from '../../forms/field.tsx';
import { Page } from '../../frame/page.tsx';
import type { ResultOf } from '../../platform/graphql.ts';
import { useLive } from '../../platform/live.ts';
import { useAsk } from '../../platform/use-ask.ts';
import { named, number, party, percent, t, tonnes } from '../../words/words.ts';
import { ProjectLink } from '../projects/projects.page.tsx';
import { Bars } from './bars.tsx';

const WorldMap = lazy(() => import('./world-map.tsx'));

type Material = NonNullable<ResultOf<typeof materialQuery>['material']>;
type Concentration = Material['concentration'][number];

const keyOf = ({ stage, year, form }: Concentration): string => [stage, year, form ?? ''].join(' ');

/** One material: who produces it, how concentrated that is, and what of it is in projects and stocks. */
export default function MaterialPage() {
  const { code } = useParams({ strict: false }) as { code: string };
  useLive('project', 'stockDeclaration');
  const read = useAsk(
    materialQuery,
    { code, filter: { materials: [code] }, stocks: { material: [code], status: ['APPROVED'] } },
    { kinds: ['material', 'project', 'stockDeclaration'] },
  );
  const material = read.data?.material;
  if (read.data && !material) return <Nothing />;
  return (
    <Reading read={read}>
      {material && (
        <Page title={material.name} aside={<MarkingChips marking={material.marking} />}>
          <p>
            <Link to="/materials">{t('nav.materials')}</Link>
          </p>
          <div className="two">
            <div>
              <Supply material={material} />
              <Production material={material} />
            </div>
            <div>
              <Card title={t('facts')}>
                <Facts
                  of={[
                    [t('field.code'), material.code],
                    [t('field.group'), material.group],
                    [t('field.hsCodes'), material.hsCodes.join(', ')],
                    [t('field.lists'), material.lists.map(({ list }) => named('list', list)).join(', ')],
                    [t('field.source'), material.source],
                  ]}
                />
              </Card>
              <Card title={t('nav.projects')}>
                <Table
                  caption={t('material.projects')}
                  rows={read.data?.projects.nodes ?? []}
                  keyOf={({ id }) => id}
                  empty={t('projects.empty')}
                  columns={[
                    { head: t('field.title'), cell: (row) => <ProjectLink project={row} /> },
                    { head: t('field.hostCountry'), cell: ({ hostCountry }) => party(hostCountry) },
                    { head: t('field.status'), cell: (row) => <Status type="status" value={row.status} /> },
                  ]}
                />
              </Card>
              <Card title={t('nav.stocks')}>
                <Table
                  caption={t('stocks.caption')}
                  rows={read.data?.stockDeclarations.nodes ?? []}
                  keyOf={({ id }) => id}
                  empty={t('stocks.empty')}
                  columns={[
                    { head: t('field.country'), cell: ({ country }) => party(country) },
                    { head: t('field.quantity'), isNumber: true, cell: ({ quantity }) => quantity && tonnes(quantity) },
                  ]}
                />
              </Card>
            </div>
          </div>
        </Page>
      )}
    </Reading>
  );
}

/** Of one stage and year: the map, the largest suppliers, and the index, with its bounds where it is not known. */
const Supply = ({ material }: { material: Material }) => {
  const { code } = material;
  const navigate = useNavigate();
  const { supply } = useSearch({ strict: false }) as { supply?: string };
  const all = [...material.concentration].sort((a, b) => b.year - a.year);
  const shown = all.find((each) => keyOf(each) === supply) ?? all[0];
  if (!shown) return <Card title={t('material.supply')}>{<p className="quiet">{t('material.noFigures')}</p>}</Card>;
  const { largestSupplier: largest, hhi, hhiWithin, shares, missing } = shown;
  return (
    <Card title={t('material.supply')}>
      <SelectField
        name="supply"
        label={t('material.choose')}
        value={keyOf(shown)}
        set={(value) =>
          void navigate({ to: '/materials/$code', params: { code }, search: { supply: value } as never, replace: true })
        }
        choices={all.map((each) => ({
          value: keyOf(each),
          text: [each.year, named('stage', each.stage), each.form].filter(Boolean).join(' · '),
        }))}
      />
      <Facts
        of={[
          [
            t('material.largest'),
            largest &&
              `${party(largest.country)}: ${largest.share === null ? within(largest.shareWithin) : percent(largest.share)}`,
          ],
          [t('material.hhi'), hhi === null ? hhiWithin && within(hhiWithin) : number(hhi)],
          [t('material.total'), shown.total && tonnes(shown.total)],
          [t('material.missing'), missing.map(({ country }) => party(country)).join(', ')],
        ]}
      />
      <Suspense fallback={<div className="skeleton" />}>
        <WorldMap
          label={t('material.map', { name: material.name, year: shown.year })}
          shares={new Map(shares.map(({ country, share }) => [country, share === null ? null : Number(share)]))}
        />
      </Suspense>
      <Bars
        title={t('material.bars', { name: material.name })}
        rows={shares.slice(0, 8).map(({ country, share, shareWithin }) => ({
          name: party(country),
          value: Number(share ?? shareWithin.atLeast),
          text: share === null ? within(shareWithin) : percent(share),
        }))}
      />
      <details>
        <summary>{t('asTable')}</summary>
        <Table
          caption={t('material.shares')}
          rows={shares}
          keyOf={({ country }) => country}
          empty=""
          columns={[
            { head: t('field.country'), cell: ({ country }) => party(country) },
            { head: t('field.quantity'), isNumber: true, cell: ({ quantity }) => tonnes(quantity) },
            {
              head: t('field.share'),
              isNumber: true,
              cell: ({ share, shareWithin }) => (share === null ? within(shareWithin) : percent(share)),
            },
          ]}
        />
      </details>
    </Card>
  );
};

const within = ({ atLeast, atMost }: { atLeast: string; atMost: string | null }): string =>
  t('between', { atLeast: number(atLeast), atMost: atMost === null ? '…' : number(atMost) });

const Production = ({ material: { production } }: { material: Material }) => (
  <Card title={t('material.production')}>
    <Table
      caption={t('material.production.caption')}
      rows={production.slice(0, 50)}
      keyOf={({ country, stage, year, form }) => [country, stage, year, form].join(' ')}
      empty={t('material.noFigures')}
      columns={[
        { head: t('field.country'), cell: ({ country }) => party(country) },
        { head: t('field.stage'), cell: ({ stage }) => named('stage', stage) },
        { head: t('field.year'), isNumber: true, cell: ({ year }) => year },
        {
          head: t('field.quantity'),
          isNumber: true,
          cell: ({ quantity, basis }) => (quantity === null ? named('basis', basis) : tonnes(quantity)),
        },
        { head: t('field.source'), cell: ({ source }) => source },
      ]}
    />
  </Card>
);
