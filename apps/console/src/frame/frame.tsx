import { Link, Outlet } from '@tanstack/react-router';
import { tlpText } from '../design/parts.tsx';
import { useCapacity } from '../platform/capacity.ts';
import { useLiveState } from '../platform/live.ts';
import { useShownMarkings } from '../platform/shown-markings.ts';
import { SessionEnd } from '../session/ended.tsx';
import { has, signOut, useMe, type Me } from '../session/session.ts';
import { isLanguage, LANGUAGES, named, party, speak, t, useLanguage, type Word } from '../words/words.ts';
import { ActingFor } from './acting-for.tsx';
import { Shortcuts } from './shortcuts.tsx';

type Entry = readonly [path: string, word: Word, shownTo?: (me: Me | undefined) => boolean];

/** The pages, in groups; a page that its reader can do nothing with is left out. */
const NAV: readonly (readonly [Word | null, readonly Entry[]])[] = [
  [
    null,
    [
      ['/', 'nav.home'],
      ['/decisions', 'nav.decisions'],
    ],
  ],
  [
    'nav.work',
    [
      ['/materials', 'nav.materials'],
      ['/projects', 'nav.projects'],
      ['/pledges', 'nav.pledges'],
      ['/stocks', 'nav.stocks'],
      ['/briefs', 'nav.briefs'],
    ],
  ],
  [
    'nav.trust',
    [
      ['/groups', 'nav.groups'],
      ['/members', 'nav.members'],
      ['/readings', 'nav.readings', (me) => has(me, 'LIAISON', 'DELEGATE', 'APPROVER', 'SECRETARIAT')],
      ['/recalls', 'nav.recalls'],
      ['/history', 'nav.history'],
    ],
  ],
];

/** What stands around every page: the banner of what is shown, the header, the pages, and whether it is up to date. */
export const Frame = () => {
  const language = useLanguage();
  const actingFor = useCapacity();
  const me = useMe().data?.me;
  return (
    <div key={language}>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <Banner />
      <Header me={me} />
      <div className="frame">
        <nav className="nav" aria-label={t('nav.label')}>
          {NAV.map(([group, entries]) => (
            <div key={group ?? ''}>
              {group && <h2>{t(group)}</h2>}
              <ul>
                {entries
                  .filter(([, , shownTo = () => true]) => shownTo(me))
                  .map(([path, word]) => (
                    <li key={path}>
                      <Link to={path} activeOptions={{ exact: path === '/' }} activeProps={{ 'aria-current': 'page' }}>
                        {t(word)}
                      </Link>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <main id="main" key={actingFor}>
          <Outlet />
        </main>
      </div>
      <Footer />
      <Shortcuts />
      <SessionEnd person={me?.person ?? null} />
    </div>
  );
};

/** What is on the screen, taken together: in words, and not by colour alone. */
const Banner = () => {
  const { handling, level, owners, displayOnly } = useShownMarkings();
  const said = handling === null ? t('banner.none') : tlpText(handling);
  return (
    <div className="banner" role="region" aria-label={t('banner.label')}>
      <span className={`tlp ${handling ?? ''}`}>{said}</span>
      {handling !== null && (
        <>
          <span>{t('banner.level', { level: named('level', level) })}</span>
          <span>
            {t('banner.owners', { owners: owners.map((each) => (each.length === 2 ? each : party(each))).join(', ') })}
          </span>
          {displayOnly > 0 && <span>{t('banner.displayOnly', { count: displayOnly })}</span>}
        </>
      )}
      <span className="print-marking" aria-hidden="true">
        {said}
      </span>
    </div>
  );
};

const Header = ({ me }: { me: Me | undefined }) => {
  const language = useLanguage();
  return (
    <header className="header">
      <Link to="/" className="home">
        <img src="/icon.svg" alt="" width="24" height="24" />
        Lodestone
      </Link>
      <span className="grow" />
      <ActingFor me={me} />
      <label>
        <span className="hidden">{t('language')}</span>
        <select value={language} onChange={({ target }) => isLanguage(target.value) && void speak(target.value)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {me && (
        <>
          <Link to="/me" className="button">
            {me.country === null ? t('me.alliance') : party(me.country)} ·{' '}
            {me.roles.map((each) => named('role', each)).join(', ') || t('me.noRole')}
          </Link>
          <button className="button" onClick={() => void signOut()}>
            {t('signOut')}
          </button>
        </>
      )}
    </header>
  );
};

const Footer = () => {
  const { is, since } = useLiveState();
  const time = since.toISOString().slice(11, 19);
  return (
    <footer className="footer">
      <span role="status" aria-live="off">
        {t(`live.${is}` as Word, { time })}
      </span>
      <span>{t('footer.photograph')}</span>
    </footer>
  );
};
