import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearch } from '@tanstack/react-router';
import { Reading } from '../design/parts.tsx';
import { party, t, useLanguage } from '../words/words.ts';
import { SESSION_CHANNEL } from './ended.tsx';
import { waysIn, type Way } from './session.ts';

const nameOf = ({ names, key }: Way, language: string): string => names[language] ?? names['en'] ?? key;

/** The countries with their provider, and where to go to sign in with it. */
export default function SignIn() {
  const language = useLanguage();
  const { return: back = '/' } = useSearch({ strict: false }) as { return?: string };
  const ways = useQuery({ queryKey: ['ways'], queryFn: waysIn });
  const [text, setText] = useState('');
  const all = ways.data ?? [];
  const found = all.filter((way) =>
    [nameOf(way, language), ...(way.countries === '*' ? [] : way.countries.map(party))].some((each) =>
      each.toLocaleLowerCase(language).includes(text.toLocaleLowerCase(language)),
    ),
  );
  return (
    <main className="frame" id="main">
      <section className="card">
        <h1 tabIndex={-1}>{t('signIn.title')}</h1>
        <p>{t('signIn.text')}</p>
        <Reading read={ways}>
          {all.length > 8 && (
            <div className="field">
              <label htmlFor="country">{t('signIn.choose')}</label>
              <input id="country" value={text} onChange={({ target }) => setText(target.value)} autoComplete="off" />
            </div>
          )}
          {all.length === 0 && <p className="notice warn">{t('signIn.none')}</p>}
          <ul className="list">
            {found.map((way) => (
              <li key={way.key}>
                <a className="button main" href={`/auth/start/${way.key}?return=${encodeURIComponent(back)}`}>
                  {nameOf(way, language)}
                </a>
                {way.countries !== '*' && <p className="small quiet">{way.countries.map(party).join(', ')}</p>}
              </li>
            ))}
          </ul>
        </Reading>
      </section>
    </main>
  );
}

/** Where a window ends that was opened to sign in again: it tells the one that waits. */
export function SignedIn() {
  useEffect(() => {
    const channel = new BroadcastChannel(SESSION_CHANNEL);
    channel.postMessage('in');
    channel.close();
    window.close();
  }, []);
  return (
    <main className="frame" id="main">
      <section className="card">
        <h1 tabIndex={-1}>{t('signedIn.title')}</h1>
        <p>{t('signedIn.text')}</p>
      </section>
    </main>
  );
}
