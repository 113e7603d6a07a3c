import type { stocksQuery } from '../../documents/supply.documents.ts';
import type { ResultOf } from '../../platform/graphql.ts';
import { day, instant, named, number, t, tonnes } from '../../words/words.ts';

export type Stock = ResultOf<typeof stocksQuery>['stockDeclarations']['nodes'][number];

type Figure = 'quantity' | 'form' | 'purity' | 'shareOfAnnualConsumption' | 'asOf';
const FIGURES: readonly (readonly [Figure, (value: string) => string])[] = [
  ['quantity', tonnes],
  ['form', (value) => value],
  ['purity', number],
  ['shareOfAnnualConsumption', number],
  ['asOf', day],
];

/** Field by field, what readers are shown now and what they would be shown after the approval. */
export const Difference = ({ stock }: { stock: Stock }) => {
  const { pendingCorrection: wanted, status } = stock;
  const shown = status === 'APPROVED' ? stock : null;
  const after = wanted ?? stock;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('difference.caption')}>
      <table>
        <caption>
          {t('difference.caption')} ·{' '}
          {t('difference.written', { at: instant(wanted?.correctedAt ?? stock.declaredAt) })}
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('difference.now')}</th>
            <th scope="col">{t('difference.after')}</th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(([name, write]) => {
            const [before, then] = [shown?.[name] ?? null, after[name] ?? null];
            const isOther = before !== then;
            return (
              <tr key={name}>
                <th scope="row">{t(`field.${name}`)}</th>
                <td>
                  {before === null ? (
                    t('difference.nothing')
                  ) : isOther ? (
                    <del className="old">{write(before)}</del>
                  ) : (
                    write(before)
                  )}
                </td>
                <td>
                  {then === null ? (
                    t('difference.nothing')
                  ) : isOther ? (
                    <ins className="new">{write(then)}</ins>
                  ) : (
                    t('difference.same')
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {wanted && (
        <p>
          {t('field.reason')}: {wanted.reason}
        </p>
      )}
      <p className="small quiet">{named('status', status)}</p>
    </div>
  );
};
