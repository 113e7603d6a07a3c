import { useState } from 'react';
import { Card, Facts, Reading } from '../../design/parts.tsx';
import { Page } from '../../frame/page.tsx';
import { areShortcutsOn, setShortcuts } from '../../frame/shortcuts.tsx';
import { chosenTheme, chooseTheme, type Theme } from '../../frame/theme.ts';
import { useMe } from '../../session/session.ts';
import { named, party, t } from '../../words/words.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Who the reader is to the platform, and how this browser shows it. */
export default function MePage() {
  const read = useMe();
  const [theme, setTheme] = useState(chosenTheme());
  const [isOn, setOn] = useState(areShortcutsOn());
  const me = read.data?.me;
  return (
    <Page title={t('me.title')}>
      <Reading read={read}>
        <Card title={t('me.who')}>
          {me && (
            <Facts
              of={[
                [t('field.country'), me.country === null ? t('me.alliance') : party(me.country)],
                [t('field.roles'), me.roles.map((each) => named('role', each)).join(', ') || t('me.noRole')],
                [t('field.member'), t(me.isMember ? 'yes' : 'no')],
                [t('field.clearance'), named('level', me.clearance)],
                [t('field.groups'), me.groups.map(({ name }) => name).join(', ')],
                [t('field.person'), me.person],
              ]}
            />
          )}
        </Card>
      </Reading>
      <Card title={t('me.browser')}>
        <fieldset className="field">
          <legend>{t('me.theme')}</legend>
          <div className="choices">
            {THEMES.map((each) => (
              <label key={each}>
                <input
                  type="radio"
                  name="theme"
                  checked={theme === each}
                  onChange={() => {
                    chooseTheme(each);
                    setTheme(each);
                  }}
                />
                {t(`theme.${each}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="choices">
          <label>
            <input
              type="checkbox"
              checked={isOn}
              onChange={({ target }) => {
                setShortcuts(target.checked);
                setOn(target.checked);
              }}
            />
            {t('me.shortcuts')}
          </label>
        </div>
      </Card>
    </Page>
  );
}
