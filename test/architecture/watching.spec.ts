import { describe, expect, it } from '@jest/globals';
import { METRICS, type Metric } from '@adapters/telemetry';
import { load } from 'js-yaml';
import { existsSync, globSync, readFileSync } from 'node:fs';

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly runbook: string } };
const { groups } = load(readFileSync('infra/prometheus/alerts.yml', 'utf8')) as {
  groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

type Panel = { readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[] };
const { panels } = JSON.parse(readFileSync('infra/grafana/lodestone.json', 'utf8')) as { panels: readonly Panel[] };
const shown = panels.flatMap(({ targets = [] }) => targets);

const declared: Readonly<Record<string, Metric>> = METRICS;
const namesIn = (expr: string): string[] => [...expr.matchAll(/\blodestone_\w+/g)].map(([name]) => name);
/** Labels that Prometheus itself gives to what it scrapes, by infra/prometheus/prometheus.yml. */
const OF_PROMETHEUS = ['instance', 'job', 'program'];

/** What an expression names that is not there: metrics, labels, and values of labels. */
const unknownIn = (expr: string): string[] => {
  const names = namesIn(expr);
  const labels = names.flatMap((name) => Object.keys(declared[name]?.labels ?? {}));
  const matchers = [...expr.matchAll(/(\w+)\s*=~?\s*"([^"]*)"/g)].map(([, label, value]) => [label!, value!] as const);
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
  return [
    ...names.filter((name) => !(name in declared)),
    ...[...matchers.map(([label]) => label), ...grouped].filter(
      (label) => ![...labels, ...OF_PROMETHEUS].includes(label),
    ),
    ...matchers
      .filter(([label]) => !OF_PROMETHEUS.includes(label))
      .filter(([label, value]) =>
        names.some((name) => {
          const values = declared[name]?.labels[label];
          return Array.isArray(values) && !values.includes(value);
        }),
      )
      .map(([label, value]) => `${label}="${value}"`),
  ];
};

describe('The alert rules', () => {
  it('name metrics, labels and values that are there', () =>
    expect(rules.flatMap(({ alert, expr }) => unknownIn(expr).map((each) => `${alert}: ${each}`))).toEqual([]));

  it('name labels in their sentences that their metrics have', () => {
    const unknown = rules.flatMap(({ alert, expr, annotations }) =>
      [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)]
        .map(([, label]) => label!)
        .filter(
          (label) =>
            ![...OF_PROMETHEUS, ...namesIn(expr).flatMap((name) => Object.keys(declared[name]!.labels))].includes(
              label,
            ),
        )
        .map((label) => `${alert}: ${label}`),
    );
    expect(unknown).toEqual([]);
  });

  it('say where it stands what to do', () => {
    const missing = rules.filter(({ annotations: { runbook } }) => {
      const [file, anchor] = runbook.split('#') as [string, string?];
      if (!existsSync(file)) return true;
      const anchors = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
      );
      return anchor !== undefined && !anchors.includes(anchor);
    });
    expect(missing.map(({ alert }) => alert)).toEqual([]);
  });
});

describe('The dashboard', () => {
  it('shows metrics, labels and values that are there', () =>
    expect(shown.flatMap(({ expr }) => unknownIn(expr))).toEqual([]));

  it('shows every metric', () => {
    const names = new Set(shown.flatMap(({ expr }) => namesIn(expr)));
    expect(Object.keys(METRICS).filter((name) => !names.has(name))).toEqual([]);
  });

  it('names series by labels that they have', () => {
    const unknown = shown.flatMap(({ expr, legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
        .map(([, label]) => label!)
        .filter(
          (label) =>
            ![...OF_PROMETHEUS, ...namesIn(expr).flatMap((name) => Object.keys(declared[name]!.labels))].includes(
              label,
            ),
        ),
    );
    expect(unknown).toEqual([]);
  });
});

describe('Every metric', () => {
  it('is told by some program', () => {
    const code = globSync('{apps,libs}/**/*.ts', { exclude: ['**/*.spec.ts', '**/metrics.ts'] })
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect(Object.keys(METRICS).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});
