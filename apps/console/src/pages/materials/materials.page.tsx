import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { MarkingChips, Reading, Table } from '../../design/parts.tsx';
import { materialsQuery } from '../../documents/supply.documents.ts';
import { Page } from '../../frame/page.tsx';
import { useAsk } from '../../platform/use-ask.ts';
import { named, t } from '../../words/words.ts';

/** The register of materials; what is typed narrows it and stands in no address. */
export default function Materials() {
  const read = useAsk(materialsQuery, { first: 200 }, { kinds: ['material'] });
  const [text, setText] = useState('');
  const wanted = text.toLocaleLowerCase();
  const all = read.data?.materials.nodes ?? [];
  const found = all.filter(({ code, name, hsCodes }) =>
    [code, name, ...hsCodes].some((each) => each.toLocaleLowerCase().includes(wanted)),
  );
  return (
    <Page title={t('nav.materials')}>
      <div className="card">
        <Reading read={read}>
          <div className="field">
            <label htmlFor="find">{t('materials.find')}</label>
            <input id="find" type="search" value={text} onChange={({ target }) => setText(target.value)} />
          </div>
          <Table
            caption={t('materials.count', { count: found.length })}
            rows={found}
            keyOf={({ code }) => code}
            empty={t('materials.empty')}
            columns={[
              {
                head: t('field.material'),
                cell: ({ code, name }) => (
                  <Link to="/materials/$code" params={{ code }}>
                    {name}
                  </Link>
                ),
              },
              { head: t('field.group'), cell: ({ group }) => group },
              { head: t('field.hsCodes'), cell: ({ hsCodes }) => hsCodes.join(', ') },
              { head: t('field.lists'), cell: ({ lists }) => lists.map(({ list }) => named('list', list)).join(', ') },
              { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
            ]}
          />
        </Reading>
      </div>
    </Page>
  );
}
