import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { capabilities } from '@compositions/capabilities';
import { PIPELINE_REJECTIONS } from '@foundation/eventing';
import type { Capability } from '@kernel';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { samples } from '../history/samples.js';

const read = (file: string): string => readFileSync(file, 'utf8');
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found!);
const sorted = (all: Iterable<string>): string[] => [...new Set(all)].sort();

const DOCUMENTS = globSync('**/*.md', {
  exclude: (path) => /(^|\/)(node_modules|dist[^/]*|\.[^/.]+)$/.test(String(path)),
});
const documents = DOCUMENTS.map((file) => ({ file, text: read(file) }));

describe('The documents', () => {
  it('link to files that exist', () => {
    const broken = documents.flatMap(({ file, text }) =>
      matches(text.replace(/```[^]*?```/g, ''), /\]\(([^)\s]+)\)/g)
        .filter((target) => !/^([a-z]+:|#)/.test(target))
        .filter((target) => !existsSync(join(dirname(file), target.split('#')[0]!)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const unknown = documents.flatMap(({ file, text }) =>
      [...matches(text, /npm run (?:--silent )?([a-z][a-z:-]*)/g), ...matches(text, /npm (start|test)\b/g)]
        .filter((name) => !(name in scripts))
        .map((name) => `${file}: npm run ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('name files of this repository that exist', () => {
    const unknown = documents.flatMap(({ file, text }) =>
      matches(text, /`((?:apps|libs|infra|test|docs)\/[\w./-]+)`/g)
        .filter((path) => !existsSync(path))
        .map((path) => `${file}: ${path}`),
    );
    expect(unknown).toEqual([]);
  });

  it('show code that exists', () => {
    // Whatever the formatter did to it: spaces, and commas before a closing bracket.
    const bare = (code: string): string =>
      code
        .replace(/\/\/.*$/gm, '')
        .replace(/\s+/g, '')
        .replace(/,(?=[)}\]])/g, '');
    const code = bare(globSync('libs/capabilities/**/*.ts').map(read).join('\n'));
    const shown = matches(read('CONTRIBUTING.md'), /```ts\n([^]*?)```/g).flatMap((block) => block.split('\n\n'));
    expect(shown.filter((excerpt) => !code.includes(bare(excerpt)))).toEqual([]);
  });

  it('hold no path of somebody’s machine', () => {
    const paths = documents.flatMap(({ file, text }) =>
      matches(text, /(?:^|[\s"'(`=])(\/(?:home|root|work|tmp|Users)\/\S*)/gm).map((path) => `${file}: ${path}`),
    );
    expect(paths).toEqual([]);
  });

  it('have a line in the tour of the tree for every app and library', () => {
    const tour = sorted(matches(read('README.md'), /^\| `((?:apps|libs)\/[\w/*-]+)` \|/gm));
    const isToured = (path: string): boolean => tour.includes(path) || tour.includes(`${dirname(path)}/*`);
    expect(
      globSync(['apps/*', 'libs/{foundation,adapters,compositions}/*', 'libs/capabilities/*/*']).filter(
        (path) => statSync(path).isDirectory() && !isToured(path),
      ),
    ).toEqual([]);
  });

  it('have every decision in their index', () => {
    const decisions = readdirSync('docs/adr').filter((file) => /^\d{4}-/.test(file));
    expect(matches(read('docs/adr/README.md'), /\((\d{4}-[^)]+)\)/g)).toEqual(decisions.sort());
  });
});

describe('The tables of error codes in write-a-client.md', () => {
  const [errors, rejections] = read('docs/how-to/write-a-client.md').split('### In `CommandRejected.code`') as [
    string,
    string,
  ];

  it('have every rejection of every command, and no other', async () => {
    const declared = await Promise.all(
      globSync('libs/capabilities/*/*').map(async (folder) => {
        const name = basename(folder);
        const exported = Object.values((await import(`@capabilities/${name}`)) as object) as Partial<Capability>[];
        const { recordTypes = [] } = exported.find((each) => each?.name === name && each.recordTypes) ?? {};
        return recordTypes.flatMap((recordType) => Object.keys(recordType.rejections as object));
      }),
    );
    const ofTransport = matches(read('libs/foundation/graphql/src/commands.ts'), /'([A-Z]+\.[A-Z_]+)'/g);
    expect(sorted(matches(rejections, /^\| `([A-Z]+\.[A-Z_]+)` \|/gm))).toEqual(
      sorted([...declared.flat(), ...Object.keys(PIPELINE_REJECTIONS), ...ofTransport]),
    );
  });

  it('have every error code, and no other', () => {
    const transport = globSync('libs/foundation/{graphql,server}/src/*.ts').filter(
      (file) => !file.endsWith('.spec.ts'),
    );
    const inCode = [
      ...matches(transport.map(read).join('\n'), /code: '([A-Z_]+)'/g),
      ...matches(read('libs/foundation/graphql/src/errors.ts'), /'([A-Z_]+)'/g),
    ];
    expect(sorted(matches(errors, /^\| `([A-Z_]+)` \| \d{3} \|/gm))).toEqual(sorted(inCode));
  });
});

describe('The environment', () => {
  it('of every program is in the README, in run-in-production.md or in audit.md, and nothing else is', () => {
    const code = globSync(['apps/**/*.ts', 'libs/**/*.ts', 'test/bench/*.ts'])
      .filter((file) => !/\.spec\.ts$|\/testing\//.test(file))
      .map(read);
    const declared = code.flatMap((text) => matches(text, /^\s+([A-Z][A-Z_]+): \{\s*parse\b/gm));
    // npm and Node set these, not whoever runs a program.
    const given = ['INIT_CWD', 'PATH', 'NODE_COMPILE_CACHE'];
    const asked = code
      .flatMap((text) => matches(text, /(?:process\.env(?:\['|\.)|milliseconds\(')([A-Z][A-Z_]+)/g))
      .filter((name) => !given.includes(name));
    const table = (file: string): string[] =>
      read(file)
        .split('\n')
        .filter((line) => /^\| `[A-Z_]+`/.test(line))
        .flatMap((line) => matches(line.split('|')[1]!, /`([A-Z_]+)`/g))
        .filter((name) => name.includes('_'));
    const described = ['README.md', 'docs/how-to/run-in-production.md', 'docs/how-to/audit.md'].flatMap(table);
    expect(sorted(described)).toEqual(sorted([...declared, ...asked]));
  });
});

describe('The table of streams in read-the-history.md', () => {
  it('has every category of the code, and no other', () => {
    const table = read('docs/how-to/read-the-history.md').split('## Streams')[1]!.split('## ')[0]!;
    const categories = capabilities.flatMap(({ recordTypes }) => recordTypes.map(({ category }) => category));
    expect(sorted(matches(table, /^\| `(\w+)` \|/gm))).toEqual(sorted(categories));
  });

  it('names events of which there is a sample', () => {
    const table = read('docs/how-to/read-the-history.md').split('## Streams')[1]!.split('## ')[0]!;
    const unknown = matches(table, /`(\w+\.\w+\.v\d)`/g).filter((type) => !samples.some(({ name }) => name === type));
    expect(unknown).toEqual([]);
  });
});

describe('The secrets in run-in-production.md', () => {
  it('are those of the code', () => {
    const code = globSync('apps/*/src/*.ts').map(read).join('\n');
    const told = /Secrets are (.*?)\. The settings/.exec(read('docs/how-to/run-in-production.md'))![1]!;
    expect(sorted(matches(told, /`([A-Z_]+)`/g))).toEqual(
      sorted(matches(code, /^ +([A-Z_]+): \{ parse: [^\n]*secret: true/gm)),
    );
  });
});

describe('The table of the log in watch.md', () => {
  it('has every event that a program tells, and no other', () => {
    const code = globSync(['apps/**/*.ts', 'libs/**/*.ts'], { exclude: ['**/*.spec.ts'] })
      .map(read)
      .join('\n');
    const told = matches(code, /(?:\b(?:error|warn|info)\(\s*|event: |telling\('[^']+', )'([a-z-]+\.[a-z-]+)'/g);
    const table = read('docs/how-to/watch.md')
      .split('## The log')[1]!
      .split('\n')
      .filter((line) => /^\| `[a-z-]+\.[a-z-]+`/.test(line))
      .flatMap((line) => matches(line.split('|')[1]!, /`([a-z-]+\.[a-z-]+)`/g));
    expect(sorted(table)).toEqual(sorted(told));
  });
});

describe('nest-cli.json', () => {
  type Project = { readonly type: string; readonly root: string };
  const { projects, compilerOptions } = JSON.parse(read('nest-cli.json')) as {
    projects: Record<string, Project>;
    compilerOptions: { builder: { options: { filenames: string[] } } };
  };

  it('knows every app and library', () => {
    const folders = globSync(['apps/*', 'libs/{foundation,adapters,compositions}/*', 'libs/capabilities/*/*']).filter(
      (path) => statSync(path).isDirectory(),
    );
    expect(sorted(Object.values(projects).map(({ root }) => root))).toEqual(sorted(folders));
  });

  it('compiles what npm run build compiles', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { build: string } };
    expect(compilerOptions.builder.options.filenames).toEqual(
      scripts.build.split(' ').slice(1, scripts.build.split(' ').indexOf('-d')),
    );
  });
});
