import { readFileSync } from 'node:fs';
import type { LodestoneClient } from '@adapters/lodestone-client';
import { EU_LIAISON, SECRETARIAT } from './platform.js';
import type { RowToIssue } from './row.js';
import type { Source } from './source.js';

type Material = {
  readonly code: string;
  readonly name: string;
  readonly group: string;
  readonly hsCodes: readonly string[];
  readonly source: string;
};
type Listing = {
  readonly list: string;
  readonly material: string;
  readonly entry?: string;
  readonly since: string;
  readonly note?: string;
  readonly source: string;
};
type StrategicProject = {
  readonly ref: string;
  readonly title: string;
  readonly promoter?: string;
  readonly hostCountry: string;
  readonly otherCountries?: readonly string[];
  readonly location?: string;
  readonly materials: readonly string[];
  readonly stages: readonly string[];
  readonly designatedOn: string;
  readonly annexEntry?: number;
  readonly source: string;
};

/** From dist/apps/import/src to the tables, which are not part of the build. */
const TABLES = new URL('../../../../infra/reference/', import.meta.url);
/** Line 1 of a table is its opening bracket; then one row stands on each line. */
const FIRST_LINE = 2;

/** The rows of one of the reference tables that the project ships. */
export const table = <Row>(name: string): readonly Row[] =>
  JSON.parse(readFileSync(new URL(name, TABLES), 'utf8')) as Row[];

/** Registers the materials of the shipped table: all, or those with these codes. */
export const materials = (codes?: ReadonlySet<string>): Source => ({
  name: codes ? 'materials that the register lacks' : 'materials',
  issuedBy: SECRETARIAT,
  rows: table<Material>('materials.json').flatMap((material, index) =>
    codes?.has(material.code) === false ? [] : [materialRow(material, FIRST_LINE + index)],
  ),
  shown: registeredMaterials,
});

/** Puts materials on the lists of the EU, the United States and Japan. */
export const lists = (): Source => ({
  name: 'lists',
  issuedBy: SECRETARIAT,
  rows: table<Listing>('lists.json').map((listing, index) => listingRow(listing, FIRST_LINE + index)),
  shown: async (client, atLeast) =>
    new Set(
      (await readMaterials(client, atLeast)).flatMap(({ code, lists }) => lists.map(({ list }) => `${list} ${code}`)),
    ),
});

/** Proposes the Strategic Projects of the European Union on its behalf, released to everybody. */
export const strategicProjects = (): Source => ({
  name: 'EU strategic projects',
  issuedBy: EU_LIAISON,
  rows: table<StrategicProject>('strategic-projects.json').map((project, index) =>
    projectRow(project, FIRST_LINE + index),
  ),
  shown: readProjectsOfTheUnion,
});

export const registeredMaterials = async (client: LodestoneClient, atLeast?: string): Promise<ReadonlySet<string>> =>
  new Set((await readMaterials(client, atLeast)).map(({ code }) => code));

const materialRow = ({ code, name, group, hsCodes, source }: Material, line: number): RowToIssue => ({
  line,
  subject: code,
  key: code,
  mutation: 'registerMaterial',
  input: { commandId: `reference:${code}`, ...{ code, name, group, hsCodes, source } },
});

const listingRow = ({ list, material, entry, since, note, source }: Listing, line: number): RowToIssue => {
  const particulars = [entry && `Entry: ${entry}.`, note].filter(Boolean).join(' ');
  return {
    line,
    subject: `${material} on ${list}`,
    key: `${list} ${material}`,
    mutation: 'listMaterial',
    input: {
      commandId: `reference:${list}:${material}`,
      ...{ code: material, list, since, source },
      ...(particulars && { note: particulars }),
    },
  };
};

const projectRow = (project: StrategicProject, line: number): RowToIssue => {
  const { ref, title, promoter, hostCountry, location, materials, stages, source } = project;
  return {
    line,
    subject: title,
    mutation: 'proposeProject',
    input: {
      commandId: ref,
      ...{ title, hostCountry, materials, stages, source },
      ...(promoter && { promoter }),
      ...(location && { location }),
      summary: summaryOf(project),
      marking: { releaseTo: ['PUBLIC'] },
    },
  };
};

const summaryOf = ({ designatedOn, annexEntry, otherCountries = [] }: StrategicProject): string =>
  `Strategic Project of the European Union by decision of ${designatedOn}${annexEntry ? ` (entry ${annexEntry} of the annex)` : ''}.` +
  (otherCountries.length > 0 ? ` It also stands in ${otherCountries.join(', ')}.` : '');

type PageInfo = { readonly hasNextPage: boolean; readonly endCursor: string | null };
type Page<Node> = { readonly list: { readonly nodes: readonly Node[]; readonly pageInfo: PageInfo } };
type ListedMaterial = { readonly code: string; readonly lists: readonly { readonly list: string }[] };

const readMaterials = (client: LodestoneClient, atLeast?: string): Promise<readonly ListedMaterial[]> =>
  readAll(
    client,
    'materials(first: 200, after: $after, atLeast: $atLeast) { nodes { code lists { list } } pageInfo { hasNextPage endCursor } }',
    atLeast,
  );

const readProjectsOfTheUnion = async (client: LodestoneClient, atLeast?: string): Promise<ReadonlySet<string>> => {
  const list =
    'projects(first: 200, after: $after, atLeast: $atLeast, filter: { owner: ["EU"] }) { nodes { id } pageInfo { hasNextPage endCursor } }';
  return new Set((await readAll<{ id: string }>(client, list, atLeast)).map(({ id }) => id));
};

const readAll = async <Node>(
  client: LodestoneClient,
  list: string,
  atLeast: string | undefined,
): Promise<readonly Node[]> => {
  const document = `query ($after: Cursor, $atLeast: Position) { list: ${list} }`;
  const nodes: Node[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<Node> = await client.query<Page<Node>>(document, { after, atLeast: atLeast ?? null });
    nodes.push(...page.list.nodes);
    if (!page.list.pageInfo.hasNextPage) return nodes;
    after = page.list.pageInfo.endCursor;
  }
};
