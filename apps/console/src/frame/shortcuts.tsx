import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

const GO: Readonly<Record<string, string>> = {
  h: '/',
  d: '/decisions',
  m: '/materials',
  p: '/projects',
  s: '/stocks',
};
const KEPT_AS = 'lodestone-shortcuts';
/** How long a second key may take to come after `g` (milliseconds). */
const PAUSE_MS = 1_500;

export const areShortcutsOn = (): boolean => localStorage.getItem(KEPT_AS) !== 'off';
export const setShortcuts = (on: boolean): void => localStorage.setItem(KEPT_AS, on ? 'on' : 'off');

const isTyping = ({ target }: Event): boolean =>
  target instanceof HTMLElement && (target.matches('input, select, textarea') || target.isContentEditable);

/** `g` and a letter goes to a page. Single keys can be switched off (WCAG 2.1.4). */
export const Shortcuts = () => {
  const navigate = useNavigate();
  const wentAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || !areShortcutsOn()) return;
      if (event.key === 'g') return void (wentAt.current = event.timeStamp);
      const to = GO[event.key];
      if (to && event.timeStamp - wentAt.current < PAUSE_MS) void navigate({ to });
      wentAt.current = Number.NEGATIVE_INFINITY;
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [navigate]);
  return null;
};
