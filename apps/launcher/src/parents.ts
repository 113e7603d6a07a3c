import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Acts when whoever started this process has gone. npm passes signals on, but cannot pass on its own death: nobody
 * would be left to press Ctrl-C.
 */
export const whenParentsHaveGone = (act: () => void): void => {
  const line = (): string => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = line();
  const watch = setInterval(() => {
    if (line() === first) return;
    clearInterval(watch);
    act();
  }, LOOK_EVERY_MS);
  watch.unref();
};

/** npm runs a script through a shell, which outlives it. Where this cannot be told, the shell alone is watched. */
const parentOf = (pid: number): string => {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
};
