import type { ReactNode } from 'react';
import { Refused } from '../platform/ask.ts';
import { named, t } from '../words/words.ts';

/** A panel with its heading and what may be done with it. */
export const Card = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => (
  <section className="card" aria-label={title}>
    <div className="between">
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
);

const TLP: Readonly<Record<string, string>> = { AMBER_STRICT: 'AMBER+STRICT' };

/** The label of the Traffic Light Protocol, as FIRST writes it. */
export const tlpText = (handling: string): string => `TLP:${TLP[handling] ?? handling}`;

export const Tlp = ({ handling }: { handling: string }) => (
  <span className={`tlp ${handling}`}>{tlpText(handling)}</span>
);

/** How a record is marked, in one line: handling, level, and whether it may leave the platform. */
export const MarkingChips = ({ marking }: { marking: { handling: string; level: string; mayExport: boolean } }) => (
  <span className="row">
    <Tlp handling={marking.handling} />
    {marking.level !== 'OPEN' && <span className="chip warn">{named('level', marking.level)}</span>}
    {!marking.mayExport && <span className="chip warn">{t('marking.displayOnly')}</span>}
  </span>
);

type Tone = 'ok' | 'warn' | 'bad' | '';
export const Chip = ({ tone = '', children }: { tone?: Tone; children: ReactNode }) => (
  <span className={`chip ${tone}`}>{children}</span>
);

const TONES: Readonly<Record<string, Tone>> = {
  APPROVED: 'ok',
  CONFIRMED: 'ok',
  DESIGNATED: 'ok',
  COMPLETED: 'ok',
  GRANTED: 'ok',
  PENDING: 'warn',
  PLEDGED: 'warn',
  PREPARED: 'warn',
  REQUESTED: 'warn',
  REFUSED: 'bad',
  WITHDRAWN: 'bad',
  DECLINED: 'bad',
  LAPSED: 'bad',
};
export const Status = ({ type, value }: { type: string; value: string }) => (
  <Chip tone={TONES[value] ?? ''}>{named(type, value)}</Chip>
);

type Read = { readonly isPending: boolean; readonly error: Error | null; readonly refetch: () => unknown };

/** What is shown while something is read, and when it cannot be; else what was read. */
export const Reading = ({ read, children }: { read: Read; children: ReactNode }) => {
  if (read.error) return <Trouble error={read.error} again={read.refetch} />;
  if (read.isPending)
    return (
      <div aria-busy="true" aria-label={t('reading')} role="status">
        <div className="skeleton" />
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  return children;
};

const Trouble = ({ error, again }: { error: Error; again: () => unknown }) => {
  const { code, correlationId } = error instanceof Refused ? error : { code: 'INTERNAL', correlationId: null };
  return (
    <div className="notice warn" role="alert">
      <p>
        <strong>{named('trouble', code)}</strong>
      </p>
      {correlationId && <p className="small">{t('trouble.id', { id: correlationId })}</p>}
      <button className="button" onClick={() => void again()}>
        {t('again')}
      </button>
    </div>
  );
};

/** The same page for what is absent, hidden, and no longer shown. */
export const Nothing = () => (
  <div className="card">
    <h1 tabIndex={-1}>{t('nothing.title')}</h1>
    <p>{t('nothing.text')}</p>
  </div>
);

export type Column<Row> = {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
};

/** A table of records; the first cell of a row names it. */
export const Table = <Row,>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  empty: string;
}) =>
  rows.length === 0 ? (
    <p className="quiet">{empty}</p>
  ) : (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" className={isNumber ? 'number' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ head, cell, isNumber }) => (
                <td key={head} className={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

/** Facts of a record, as pairs; those that are not known are left out. */
export const Facts = ({ of }: { of: readonly (readonly [string, ReactNode])[] }) => (
  <dl>
    {of
      .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
      .map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

export const More = ({
  pages,
}: {
  pages: { hasNextPage: boolean; fetchNextPage: () => unknown; isFetchingNextPage: boolean };
}) =>
  pages.hasNextPage && (
    <p>
      <button className="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {t('more')}
      </button>
    </p>
  );
