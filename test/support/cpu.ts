import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second, as /proc counts them on every Linux. */
const TICKS = 100;

/** The CPU time in seconds that this process and all that it has started have used. Linux alone; 0 elsewhere. */
export const cpuSeconds = (): number => {
  const processes = new Map(numbered().flatMap((id) => timesOf(id) ?? []));
  const isOurs = (id: number): boolean =>
    id === process.pid || (processes.has(id) && isOurs(processes.get(id)!.parent));
  return [...processes].reduce((sum, [id, { seconds }]) => sum + (isOurs(id) ? seconds : 0), 0);
};

const numbered = (): readonly number[] => {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
};

/** Its own time, and that of those it started that have ended: proc(5), fields 4 and 14 to 17 of `stat`. */
const timesOf = (id: number): [[id: number, used: { readonly parent: number; readonly seconds: number }]] | null => {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
    return [[id, { parent: fields[1]!, seconds: ticks / TICKS }]];
  } catch {
    return null;
  }
};
