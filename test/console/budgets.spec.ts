import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';

const BUILT = 'dist/console';
type Chunk = {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
};
const manifest = (): Readonly<Record<string, Chunk>> => {
  if (!existsSync(BUILT)) throw new Error(`${BUILT} is missing: npm run build:console`);
  return JSON.parse(readFileSync(`${BUILT}/manifest.json`, 'utf8')) as Record<string, Chunk>;
};
/** Kilobytes on the line, compressed. */
const sizeOf = (file: string): number => statSync(`${BUILT}/${file}.br`).size / 1_000;

/** All scripts that come with one. */
const withImports = (of: Readonly<Record<string, Chunk>>, name: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const each of of[name]!.imports ?? []) withImports(of, each, seen);
  return seen;
};

describe('The built console', () => {
  it('is small: what comes first, and what comes with a page', () => {
    const chunks = manifest();
    const entry = Object.keys(chunks).find((name) => chunks[name]!.isEntry)!;
    const first = [...withImports(chunks, entry)];
    expect(first.reduce((sum, name) => sum + sizeOf(chunks[name]!.file), 0)).toBeLessThan(130);
    expect(chunks[entry]!.css!.reduce((sum, file) => sum + sizeOf(file), 0)).toBeLessThan(20);
    const scripts = Object.values(chunks).filter(({ file }) => file.endsWith('.js') && !file.includes('index-'));
    expect(scripts.filter(({ file }) => sizeOf(file) > 60)).toEqual([]);
  });

  it('holds no code made from text, and names no other host to load from', () => {
    for (const file of globSync(`${BUILT}/**/*.{js,css,html}`)) {
      const text = readFileSync(file, 'utf8');
      expect([
        file,
        /\beval\(|new Function\(|(?:src|href)="https?:|@import "?https?:|url\("?https?:/.exec(text),
      ]).toEqual([file, null]);
    }
  });

  it('asks nothing but what the schema has, and writes down all that it asks', () => {
    const schema = buildSchema(readFileSync('docs/schema.graphql', 'utf8'));
    const documents = JSON.parse(readFileSync(`${BUILT}/documents.json`, 'utf8')) as readonly string[];
    expect(documents.length).toBeGreaterThan(40);
    expect(documents.flatMap((text) => validate(schema, parse(text)).map(({ message }) => message))).toEqual([]);
  });
});
