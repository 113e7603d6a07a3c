import { useEffect, useState } from 'react';
import { mandatesQuery } from '../documents/trust.documents.ts';
import { actFor, useCapacity } from '../platform/capacity.ts';
import { useAsk } from '../platform/use-ask.ts';
import type { Me } from '../session/session.ts';
import { party, t } from '../words/words.ts';

/** Whom the page acts for: the person's own country, or one that has given it a mandate. Nothing where there is no choice. */
export const ActingFor = ({ me }: { me: Me | undefined }) => {
  const actingFor = useCapacity();
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => {
    if (actingFor === null && me?.country) setOwn(me.country);
  }, [actingFor, me]);
  const { data } = useAsk(mandatesQuery, { delegate: [own ?? ''] }, { kinds: [], enabled: own !== null });
  const now = new Date().toISOString();
  const countries = new Set(
    data?.mandates.nodes
      .filter(({ from, until, revokedAt }) => revokedAt === null && from <= now && until > now)
      .map(({ principal }) => principal),
  );
  if (own === null || countries.size === 0) return null;
  return (
    <label>
      <span className="hidden">{t('actingFor')}</span>
      <select value={actingFor ?? ''} onChange={({ target }) => actFor(target.value === '' ? null : target.value)}>
        <option value="">{t('actingFor.country', { country: party(own) })}</option>
        {[...countries].map((country) => (
          <option key={country} value={country}>
            {t('actingFor.country', { country: party(country) })}
          </option>
        ))}
      </select>
    </label>
  );
};
