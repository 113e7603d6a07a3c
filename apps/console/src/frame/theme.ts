export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'lodestone-theme';

export const chosenTheme = (): Theme => {
  const kept = localStorage.getItem(KEPT_AS);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
};

/** Shows the page light or dark from now on, or as the system does. */
export const chooseTheme = (theme: Theme): void => {
  localStorage.setItem(KEPT_AS, theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
};
