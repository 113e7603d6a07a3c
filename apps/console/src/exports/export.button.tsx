import type { TadaDocumentNode } from 'gql.tada';
import { useState } from 'react';
import { ask, Refused } from '../platform/ask.ts';
import { markingsIn, together } from '../platform/markings.ts';
import { named, t } from '../words/words.ts';
import { csvOf, fileNameOf, type CsvColumn } from './csv.ts';

type Marked = { readonly marking: { readonly owner: string; readonly handling: string; readonly level: string } };
type Page<Row> = {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** Every row of an export carries how it is marked. */
const MARKING: readonly CsvColumn<Marked>[] = [
  { head: 'owner', of: ({ marking }) => marking.owner },
  { head: 'handling', of: ({ marking }) => `TLP:${marking.handling.replace('_', '+')}` },
  { head: 'level', of: ({ marking }) => marking.level },
];

/**
 * Saves a list, as it is filtered, as a file for spreadsheets. It is asked for as what leaves the platform: rows for
 * display only are left out, and the owners’ read logs say EXPORT.
 */
export const ExportButton = <R, V extends { after?: string | null | undefined }, Row extends Marked>({
  list,
  document,
  variables,
  pageOf,
  columns,
  shown,
}: {
  readonly list: string;
  readonly document: TadaDocumentNode<R, V>;
  readonly variables: Omit<V, 'after'>;
  readonly pageOf: (answer: R) => Page<Row>;
  readonly columns: readonly CsvColumn<Row>[];
  /** The rows on the screen, of which those for display only are counted. */
  readonly shown: readonly { readonly marking: { readonly mayExport: boolean } }[];
}) => {
  const [said, say] = useState('');
  const save = async (): Promise<void> => {
    const rows: Row[] = [];
    for (let after: string | null = null, more = true; more;) {
      say(t('export.reading', { count: rows.length }));
      const page = pageOf(await ask(document, { ...variables, after } as unknown as V, null, 'export'));
      rows.push(...page.nodes);
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    const { handling } = together(markingsIn(rows));
    download(
      fileNameOf(handling, list, new Date().toISOString().slice(0, 10)),
      csvOf<Row>([...columns, ...MARKING], rows),
    );
    const leftOut = shown.filter(({ marking }) => !marking.mayExport).length;
    say(`${t('export.done', { count: rows.length })} ${leftOut > 0 ? t('export.leftOut', { count: leftOut }) : ''}`);
  };
  return (
    <>
      <span role="status" className="small quiet">
        {said}
      </span>
      <button
        className="button"
        onClick={() =>
          void save().catch((error: Error) => say(named('trouble', error instanceof Refused ? error.code : 'INTERNAL')))
        }
      >
        {t('export')}
      </button>
    </>
  );
};

const download = (name: string, content: string): void => {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};
