import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Moves the wall clock of a process, and not its monotonic one, as far as the file says that has the name of its app.
 * Looked at again and again, so that a clock can be set while it runs.
 */
const SHIFT = `import { readFileSync } from 'node:fs';
const Wall = Date, file = process.env.CLOCKS + '/' + (/apps.([a-z-]+)./.exec(process.argv[1] ?? '')?.[1] ?? 'other');
let by = 0;
const look = () => { try { by = Number(readFileSync(file, 'utf8')); } catch { by = 0; } };
look();
setInterval(look, 100).unref();
globalThis.Date = class extends Wall {
  constructor(...given) { given.length === 0 ? super(Wall.now() + by) : super(...given); }
  static now() { return Wall.now() + by; }
};`;

/** The environment of processes whose clocks are set in a folder. */
export const clocksIn = (folder: string): Record<string, string> => ({
  CLOCKS: folder,
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SHIFT)}`,
});

/**
 * Sets the clocks of an app's processes.
 * @param app as its folder is called: `api`
 * @param aheadMs milliseconds before the true time; negative where they are behind
 */
export const setClock = (folder: string, app: string, aheadMs: number): void =>
  writeFileSync(join(folder, app), String(aheadMs));
