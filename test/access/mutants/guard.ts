import { posix } from 'node:path';

/**
 * One guard of the access model, and the way to take it out of the code. Without it, a test of the specs named here must
 * fail; if none does, nothing holds the guard.
 */
export type Guard = {
  /** What it holds, as a sentence. */
  readonly name: string;
  /** Path of the file from the root of the repository. */
  readonly file: string;
  /** The guard as it stands in the file, exactly once. */
  readonly text: string;
  /** What stands there without it; code that compiles. */
  readonly without: string;
  /** Beginnings of the paths of specs one of which must notice, the fastest first. Those in `test/` start a platform, and see the build. */
  readonly specs: readonly string[];
  /** A part of the names of the tests to run, as a regular expression; all tests of the specs where left out. */
  readonly tests?: string;
};

/** The file without the guard. Throws where the text is not there exactly once. */
export const withoutGuard = ({ name, file, text, without }: Guard, content: string): string => {
  const count = content.split(text).length - 1;
  if (count !== 1)
    throw new Error(
      `the table of guards is out of date: "${name}" expects once in ${file}, and finds ${count} times:\n${text}`,
    );
  return content.replace(text, () => without);
};

/** Whether its specs run what `npm run build` made. */
export const needsBuild = ({ specs }: Guard): boolean => specs.some((each) => each.startsWith('test/'));

/**
 * Guards of the files of one folder. `of('group.register')` is held by the spec beside it, `of('group.record',
 * 'group.access')` by the one named; `spec('group.access')` is the path of one.
 */
export const inFolder = (folder: string) => {
  const spec = (name: string): string => posix.join(folder, `${name}.spec`);
  return {
    spec,
    of: (file: string, ...specs: readonly string[]) =>
      inFile(`${folder}/${file}.ts`, ...(specs.length > 0 ? specs : [file]).map(spec)),
  };
};

/** Guards of one file, held by the same specs unless a guard names others. */
export const inFile =
  (file: string, ...specs: readonly string[]) =>
  (name: string, text: string, without: string, otherwise: Partial<Pick<Guard, 'specs' | 'tests'>> = {}): Guard => ({
    name,
    file,
    text,
    without,
    specs,
    ...otherwise,
  });
