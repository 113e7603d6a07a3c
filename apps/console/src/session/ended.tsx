import { useEffect, useState } from 'react';
import { onSessionEnd } from './session-end.ts';
import { queries } from '../platform/use-ask.ts';
import { t } from '../words/words.ts';
import { meQuery } from '../documents/desk.documents.ts';
import { ask } from '../platform/ask.ts';

/** What the window that signs in again says to the one that waits. */
export const SESSION_CHANNEL = 'lodestone-session';

/**
 * When the session is over: what was read is dropped and the page is covered, and what was typed stays in memory under
 * the cover. Signing in happens in another window; whoever comes back as somebody else begins anew.
 */
export const SessionEnd = ({ person }: { person: string | null }) => {
  const [why, setWhy] = useState<'UNAUTHENTICATED' | 'RIGHTS_REVOKED' | null>(null);
  useEffect(() => {
    onSessionEnd((reason) => {
      if (person === null || reason === 'RIGHTS_REVOKED') queries.clear();
      if (person === null)
        location.replace(`/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`);
      else setWhy(reason);
    });
    const channel = new BroadcastChannel(SESSION_CHANNEL);
    channel.onmessage = async ({ data }) => {
      if (data === 'out') return location.replace('/sign-in');
      const { me } = await ask(meQuery, {});
      if (me.person !== person) return location.reload();
      setWhy(null);
      await queries.invalidateQueries();
    };
    return () => channel.close();
  }, [person]);
  if (why === null) return null;
  return (
    <div className="overlay" role="alertdialog" aria-modal="true" aria-labelledby="ended">
      <div className="dialog">
        <h2 id="ended">{t(why === 'RIGHTS_REVOKED' ? 'ended.revoked' : 'ended.title')}</h2>
        <p>{t('ended.text')}</p>
        <a className="button main" href="/sign-in?return=/signed-in" target="_blank" rel="opener noreferrer" autoFocus>
          {t('ended.again')}
        </a>
      </div>
    </div>
  );
};
