import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MarkingChips, More, Reading, Status, Table } from '../../design/parts.tsx';
import { projectsQuery } from '../../documents/projects.documents.ts';
import { countries, useMaterials, valuesOf } from '../../forms/codes.ts';
import { SelectField } from '../../forms/field.tsx';
import type { CsvColumn } from '../../exports/csv.ts';
import { ExportButton } from '../../exports/export.button.tsx';
import { Page } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import type { ResultOf, VariablesOf } from '../../platform/graphql.ts';
import { usePages } from '../../platform/use-ask.ts';
import { has, useMe } from '../../session/session.ts';
import { money, party, t } from '../../words/words.ts';

export type ProjectSearch = { status?: string; host?: string; material?: string; sort?: string };

const STATUSES = ['PROPOSED', 'DESIGNATED', 'COMPLETED', 'WITHDRAWN'] as const;
type Filter = NonNullable<VariablesOf<typeof projectsQuery>['filter']>;
export type ProjectRow = ResultOf<typeof projectsQuery>['projects']['nodes'][number];

/** Columns of the export, under the names that the API has for them. */
const COLUMNS: readonly CsvColumn<ProjectRow>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'title', of: ({ title }) => title },
  { head: 'hostCountry', of: ({ hostCountry }) => hostCountry },
  { head: 'materials', of: ({ materials }) => materials.join(' ') },
  { head: 'stages', of: ({ stages }) => stages.join(' ') },
  { head: 'status', of: ({ status }) => status },
  { head: 'estimatedCost', of: ({ estimatedCost }) => estimatedCost?.amount },
  { head: 'currency', of: ({ estimatedCost }) => estimatedCost?.currency },
  { head: 'revisedAt', of: ({ revisedAt }) => revisedAt },
];

/** The projects that the reader may see; what is filtered by stands in the address, as codes. */
export default function Projects() {
  const search = useSearch({ strict: false }) as ProjectSearch;
  const navigate = useNavigate();
  const materials = useMaterials();
  const { data } = useMe();
  useLive('project');
  const { status, host, material, sort = 'PROPOSED_AT' } = search;
  const filter: Filter = {
    ...(status && { status: [status as (typeof STATUSES)[number]] }),
    ...(host && { hostCountry: [host] }),
    ...(material && { materials: [material] }),
  };
  const asked = {
    filter,
    orderBy: { field: sort === 'TITLE' ? 'TITLE' : 'PROPOSED_AT', direction: sort === 'TITLE' ? 'ASC' : 'DESC' },
  } as const;
  const read = usePages(projectsQuery, { ...asked, first: 50 }, ({ projects }) => projects, { kinds: ['project'] });
  const set = (part: ProjectSearch): void =>
    void navigate({ to: '/projects', search: { ...search, ...part } as never, replace: true });
  const pages = read.data?.pages ?? [];
  const [first] = pages;
  return (
    <Page
      title={t('nav.projects')}
      aside={
        <>
          <ExportButton
            list="projects"
            document={projectsQuery}
            variables={{ ...asked, first: 200 }}
            pageOf={({ projects }) => projects}
            columns={COLUMNS}
            shown={pages.flatMap(({ projects }) => projects.nodes)}
          />
          {has(data?.me, 'LIAISON', 'DELEGATE') && (
            <Link className="button main" to="/projects/propose">
              {t('projects.propose')}
            </Link>
          )}
        </>
      }
    >
      <div className="row" role="search" aria-label={t('filter')}>
        <SelectField
          name="status"
          label={t('field.status')}
          value={status ?? ''}
          set={(value) => set({ status: value })}
          empty={t('any')}
          choices={valuesOf('status', STATUSES)}
        />
        <SelectField
          name="host"
          label={t('field.hostCountry')}
          value={host ?? ''}
          set={(value) => set({ host: value })}
          empty={t('any')}
          choices={countries()}
        />
        <SelectField
          name="material"
          label={t('field.material')}
          value={material ?? ''}
          set={(value) => set({ material: value })}
          empty={t('any')}
          choices={materials}
        />
        <SelectField
          name="sort"
          label={t('sort')}
          value={sort}
          set={(value) => set({ sort: value })}
          choices={valuesOf('sort', ['PROPOSED_AT', 'TITLE'])}
        />
      </div>
      <div className="card">
        <Reading read={read}>
          {first && (
            <p className="quiet" role="status">
              {t('projects.count', {
                count: first.projects.totalCount,
                more: first.projects.totalCountIsCapped ? '+' : '',
              })}
            </p>
          )}
          <Table
            caption={t('projects.caption')}
            rows={pages.flatMap(({ projects }) => projects.nodes)}
            keyOf={({ id }) => id}
            empty={t('projects.empty')}
            columns={[
              { head: t('field.title'), cell: (row) => <ProjectLink project={row} /> },
              { head: t('field.hostCountry'), cell: ({ hostCountry }) => party(hostCountry) },
              { head: t('field.materials'), cell: ({ materials: all }) => all.join(', ') },
              { head: t('field.status'), cell: (row) => <Status type="status" value={row.status} /> },
              { head: t('field.owner'), cell: ({ owner }) => party(owner) },
              {
                head: t('field.estimatedCost'),
                isNumber: true,
                cell: ({ estimatedCost }) => estimatedCost && money(estimatedCost.amount, estimatedCost.currency),
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

export const ProjectLink = ({ project }: { project: { id: string; title: string } }) => (
  <Link to="/projects/$id" params={{ id: project.id }}>
    {project.title}
  </Link>
);
