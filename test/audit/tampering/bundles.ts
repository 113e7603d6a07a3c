import { isDeepStrictEqual } from 'node:util';

/** A kind of tampering with a bundle: what is done, and where. */
export type BundleTampering = {
  readonly name: string;
  /** Null where there is nothing there that it could be done to. */
  readonly on: (lines: readonly string[], other: readonly string[]) => string[] | null;
};

type Path = readonly string[];
type Value = Record<string, unknown>;

/** Lines of a bundle of 600 leaves, by what they are. */
const LINES: Readonly<Record<string, (count: number) => number>> = {
  header: () => 0,
  'first chunk': () => 1,
  'first leaf': () => 2,
  'leaf at the end of a chunk': () => 257,
  'second chunk': () => 258,
  'leaf within': () => 300,
  'last chunk': (count) => count - 90,
  'last leaf': (count) => count - 2,
  trailer: (count) => count - 1,
};

/** What is done to a line as a whole. */
const TO_LINES: Readonly<Record<string, (lines: string[], at: number, other: readonly string[]) => string[]>> = {
  'left out': (lines, at) => lines.toSpliced(at, 1),
  repeated: (lines, at) => lines.toSpliced(at, 0, lines[at]!),
  'in the place of the next': (lines, at) => {
    const next = Math.min(at + 1, lines.length - 1);
    return lines.with(at, lines[next]!).with(next, lines[at]!);
  },
  'moved to the end': (lines, at) => [...lines.toSpliced(at, 1), lines[at]!],
  'moved to the beginning': (lines, at) => [lines[at]!, ...lines.toSpliced(at, 1)],
  'of another log': (lines, at, other) => lines.with(at, other[at]!),
  'cut off': (lines, at) => [...lines.slice(0, at), lines[at]!.slice(0, -5)],
  'left out with all behind it': (lines, at) => lines.slice(0, at),
  'behind an empty line': (lines, at) => lines.toSpliced(at, 0, ''),
  'in spaces': (lines, at) => lines.with(at, lines[at]!.replace(':', ': ')),
  'ended as on Windows': (lines, at) => lines.with(at, `${lines[at]!}\r`),
  'with a further member': (lines, at) => lines.with(at, `${lines[at]!.slice(0, -1)},"note":"x"}`),
  'with its first member twice': (lines, at) =>
    lines.with(
      at,
      lines[at]!.replace(/^\{("[a-z]+":)/, (_, key: string) => `{${key}0,${key}`),
    ),
  emptied: (lines, at) => lines.with(at, '{}'),
};

const GONE = Symbol('gone');
/** What is done to a value within a line. */
const TO_VALUES: Readonly<Record<string, (value: unknown, neighbour: unknown) => unknown>> = {
  'another one': (value) =>
    typeof value === 'number' ? value + 1 : typeof value === 'string' ? flipped(value) : [value],
  'a smaller or shorter one': (value) =>
    typeof value === 'number' ? value - 1 : typeof value === 'string' ? value.slice(0, -1) : undefined,
  'a longer one': (value) =>
    typeof value === 'string' ? `${value}A` : typeof value === 'number' ? value * 10 + 1 : undefined,
  'the neighbour’s': (_, neighbour) => neighbour,
  gone: () => GONE,
  null: () => null,
  empty: (value) => (typeof value === 'string' ? '' : Array.isArray(value) ? [] : typeof value === 'number' ? 0 : {}),
  'a list of it': (value) => [value],
  'a text of it': (value) => (typeof value === 'string' ? undefined : JSON.stringify(value)),
  'of another log': () => undefined,
};

const flipped = (text: string): string => {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
};

/** Every value within, the whole ones too. */
const pathsIn = (value: unknown, at: Path = []): Path[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...pathsIn(inner, [...at, key])])
    : [];

const valueAt = (value: unknown, path: Path): unknown => path.reduce((found, key) => (found as Value)?.[key], value);

const changed = (value: Value, [key, ...rest]: Path, to: unknown): Value => {
  if (rest.length > 0) return { ...value, [key!]: changed(value[key!] as Value, rest, to) };
  const { [key!]: _, ...others } = value;
  return to === GONE ? others : { ...value, [key!]: to };
};

/** Lines of the checkpoint, within the header. */
const NOTE: Readonly<Record<string, number>> = {
  'origin of the checkpoint': 0,
  'size of the checkpoint': 1,
  'root of the checkpoint': 2,
  'signature of the log': 4,
  'signature of a witness': 5,
  'signature of the other witness': 6,
};
const TO_NOTE: Readonly<Record<string, (note: string[], at: number, other: string[]) => string[]>> = {
  'left out': (note, at) => note.toSpliced(at, 1),
  repeated: (note, at) => note.toSpliced(at, 0, note[at]!),
  'another one': (note, at) => note.with(at, flipped(note[at]!)),
  'shorter by one': (note, at) => note.with(at, note[at]!.slice(0, -1)),
  'with a space behind it': (note, at) => note.with(at, `${note[at]!} `),
  'of another log': (note, at, other) => note.with(at, other[at]!),
  'behind the next': (note, at) => note.with(at, note[at + 1]!).with(at + 1, note[at]!),
  empty: (note, at) => note.with(at, ''),
};

/** @param lines of the bundle that is to be tampered with: its values are the places */
export const bundleTamperings = (lines: readonly string[]): readonly BundleTampering[] => {
  const ofLines = Object.entries(LINES).flatMap(([line, place]) =>
    Object.entries(TO_LINES).map(([manner, change]): BundleTampering => ({
      name: `${line} ${manner}`,
      on: (all, other) => change([...all], place(all.length), other),
    })),
  );
  const ofValues = Object.entries(LINES).flatMap(([line, place]) =>
    pathsIn(JSON.parse(lines[place(lines.length)]!)).flatMap((path) =>
      Object.entries(TO_VALUES).map(([manner, change]): BundleTampering => ({
        name: `${path.join('.')} of the ${line}: ${manner}`,
        on: (all, other) => {
          const at = place(all.length);
          const [own, next, foreign] = [all[at], all[at - 1], other[at]].map(
            (text) => JSON.parse(text ?? '{}') as Value,
          );
          const value = valueAt(own, path);
          const to = manner === 'of another log' ? valueAt(foreign, path) : change(value, valueAt(next, path));
          return to === undefined || isDeepStrictEqual(to, value)
            ? null
            : all.with(at, JSON.stringify(changed(own!, path, to)));
        },
      })),
    ),
  );
  const ofNote = Object.entries(NOTE).flatMap(([part, at]) =>
    Object.entries(TO_NOTE).map(([manner, change]): BundleTampering => ({
      name: `${part} ${manner}`,
      on: (all, other) => {
        const [own, foreign] = [all, other].map(([header]) => JSON.parse(header!) as { checkpoint: string });
        const note = change(own!.checkpoint.split('\n'), at, foreign!.checkpoint.split('\n')).join('\n');
        return all.with(0, JSON.stringify({ ...own, checkpoint: note }));
      },
    })),
  );
  return [...ofLines, ...ofValues, ...ofNote];
};
