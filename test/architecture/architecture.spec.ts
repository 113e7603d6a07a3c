import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type ICruiseOptions, type ICruiseResult, type IResolveOptions } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { CODE_SEEDS, DEPENDENCY_SEEDS, INNOCENT, LANGUAGE_SEEDS, type Tree } from './seeds.js';

const ROOT = process.cwd();
const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: { name: string; comment: string }[];
  options: ICruiseOptions;
};

/** Which rules a tree breaks, and where: `rule: from → to`. */
const violations = async (folder: string, parts: string[]): Promise<string[]> => {
  const tsConfig = join(folder, 'tsconfig.json');
  const { output } = await cruise(
    parts,
    { ...config.options, baseDir: folder, validate: true, ruleSet: { forbidden: config.forbidden } } as ICruiseOptions,
    // What was resolved in one seeded tree does not hold in the next.
    { tsConfig, bustTheCache: folder !== ROOT } as unknown as IResolveOptions,
    { tsConfig: extractTSConfig(tsConfig) },
  );
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
};

const rulesIn = (found: readonly string[]): string[] => [
  ...new Set(found.map((each) => each.slice(0, each.indexOf(':')))),
];
const cases = <T>(seeds: Readonly<Record<string, Readonly<Record<string, T>>>>): [string, string, T][] =>
  Object.entries(seeds).flatMap(([rule, ways]) =>
    Object.entries(ways).map(([way, seed]): [string, string, T] => [rule, way, seed]),
  );

describe('The dependency rules', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lodestone-architecture-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const planted = (...trees: readonly Tree[]): string => {
    const root = mkdtempSync(join(folder, 'tree-'));
    for (const file of ['tsconfig.json', 'tsconfig.base.json']) cpSync(join(ROOT, file), join(root, file));
    for (const [path, content] of Object.entries(Object.assign({}, ...trees) as Tree)) {
      if (content === null) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  };

  it('are kept by this repository', async () =>
    expect(await violations(ROOT, ['apps', 'libs', 'infra', 'test'])).toEqual([]));

  it('let an innocent tree pass', async () =>
    expect(await violations(planted(INNOCENT), ['apps', 'libs'])).toEqual([]));

  it.each(cases(DEPENDENCY_SEEDS))('%s catches %s', async (rule, _, seed) =>
    expect(rulesIn(await violations(planted(INNOCENT, seed), ['apps', 'libs']))).toEqual([rule]),
  );

  it('have a seed each, and a sentence each', () => {
    expect(Object.keys(DEPENDENCY_SEEDS).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
    for (const { comment } of config.forbidden) expect(comment).toMatch(/^[A-Z].+[.]$/);
  });
});

describe('The language rules', () => {
  const eslint = new ESLint({
    cwd: ROOT,
    // With CI set, the parser would take each file's first parse from the disk and not from the text given here.
    overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
  });
  const RECORD_TYPE = 'libs/capabilities/security/stockpiles/src/declaration/declaration.record.ts';
  const MACHINERY = 'libs/foundation/eventing/src/command-pipeline.ts';
  const language = cases(LANGUAGE_SEEDS);
  const code = Object.entries(CODE_SEEDS);

  /** The rules that each line breaks, in a file that says these lines and nothing else. */
  const brokenBy = async (lines: readonly string[], filePath: string): Promise<string[][]> => {
    const [result] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath });
    return lines.map((_, index) =>
      result!.messages.filter(({ line }) => line === index + 1).map(({ ruleId, message }) => ruleId ?? message),
    );
  };

  it.each([
    ['a record type', RECORD_TYPE],
    ['events', 'libs/capabilities/supply/materials/src/material/material.events.ts'],
    ['a view', 'libs/capabilities/supply/materials/src/material/materials.view.ts'],
    ['a rule', 'libs/capabilities/security/stockpiles/src/total/stock-table.rule.ts'],
    ['a register', 'libs/capabilities/governance/access/src/access.register.ts'],
    ['a manifest', 'libs/capabilities/supply/materials/src/materials.manifest.ts'],
    ['a contract', 'libs/capabilities/supply/materials/src/contract.ts'],
    ['the kernel', 'libs/foundation/kernel/src/decision.ts'],
  ])('keep the machine and floating point out of %s', async (_, file) => {
    const broken = await brokenBy(
      language.map(([, , line]) => line),
      file,
    );
    expect(language.map(([, way], index) => [way, broken[index]])).toEqual(
      language.map(([rule, way]) => [way, [rule]]),
    );
  });

  it('leave clock and chance to the machinery', async () => {
    const lines = Object.values({
      ...LANGUAGE_SEEDS['no-restricted-globals'],
      ...LANGUAGE_SEEDS['no-restricted-properties'],
    });
    expect((await brokenBy(lines, MACHINERY)).flat()).toEqual([]);
  });

  it('have teeth in all code', async () => {
    const broken = await brokenBy(
      code.map(([, line]) => line),
      MACHINERY,
    );
    expect(code.map(([, line], index) => [line, broken[index]])).toEqual(code.map(([rule, line]) => [line, [rule]]));
  });

  it('let nobody give the pipeline commands but the handler of the bus', async () => {
    const lines = [
      'export const go = (pipeline: { issue: () => unknown }): unknown => pipeline.issue();',
      'export class Note { pipeline = { issue: (): unknown => null }; go = (): unknown => this.pipeline.issue(); }',
    ];
    const rule = ['no-restricted-syntax'];
    expect(await brokenBy(lines, 'libs/capabilities/governance/sharing/src/reading/read-log.process.ts')).toEqual([
      rule,
      rule,
    ]);
    expect(await brokenBy(lines, 'apps/api/src/main.ts')).toEqual([rule, rule]);
    expect((await brokenBy(lines, 'libs/foundation/bus/src/issue.command.ts')).flat()).toEqual([]);
  });

  it('let resolvers declare no mutation: a command of a record type becomes one', async () => {
    const file = 'libs/capabilities/supply/projects/src/project/project.resolver.ts';
    expect(await brokenBy(["import { Mutation } from '@nestjs/graphql';", 'export { Mutation };'], file)).toEqual([
      ['no-restricted-imports'],
      [],
    ]);
    expect((await brokenBy(["import { Query } from '@nestjs/graphql';", 'export { Query };'], file)).flat()).toEqual(
      [],
    );
  });

  it('let the console make no HTML from text, and keep no record in the browser', async () => {
    const lines = [
      'export const show = (at: Element, text: string): void => void (at.innerHTML = text);',
      'export const Raw = ({ text }: { text: string }) => <p dangerouslySetInnerHTML={{ __html: text }} />;',
      'export const Red = () => <style>{"p { color: red }"}</style>;',
      'export const keep = (record: string): void => localStorage.setItem(record, record);',
      'export const hold = (record: string): void => sessionStorage.setItem("record", record);',
      'const KEPT_AS = "theme"; export const chosen = (): void => localStorage.setItem(KEPT_AS, "dark");',
    ];
    expect(await brokenBy(lines, 'apps/console/src/main.tsx')).toEqual([
      ['no-restricted-properties'],
      ['no-restricted-syntax'],
      ['no-restricted-syntax'],
      ['no-restricted-syntax'],
      ['no-restricted-globals'],
      [],
    ]);
  });

  it('have a seed each', async () => {
    const { rules } = (await eslint.calculateConfigForFile(RECORD_TYPE)) as { rules: Record<string, [number]> };
    const inForce = Object.keys(rules).filter((name) => rules[name]![0] > 0);
    expect([...Object.keys(LANGUAGE_SEEDS), ...Object.keys(CODE_SEEDS)].sort()).toEqual(inForce.sort());
  });
});
