import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes that work for or in a data folder, with their command lines, as Linux tells them. */
export const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => belongsTo(folder, pid))
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`);

const belongsTo = (folder: string, pid: string): boolean =>
  Number(pid) !== process.pid &&
  (read(pid, 'environ').split('\0').includes(`LODESTONE_DATA=${folder}`) ||
    read(pid, 'cmdline').includes(`${folder}/`) ||
    `${workingFolderOf(pid)}/`.startsWith(`${folder}/`));

/** Empty for a process that has ended, or is another's. */
const read = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const workingFolderOf = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};
