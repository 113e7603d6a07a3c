import { describe, expect, it } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { makeKeys } from '../../apps/keygen/src/keys.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const read = (file: string): string => readFileSync(file, 'utf8');
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found!);

/** Settings of each program, by the code. */
const settingsOf = (app: string): Readonly<Record<'all' | 'required' | 'secret', readonly string[]>> => {
  const code = [...globSync(`apps/${app}/src/*.ts`), 'libs/adapters/telemetry/src/settings.ts'].map(read).join('\n');
  const found = [...code.matchAll(/^ +([A-Z][A-Z_]+): \{\s*parse\b([^\n]*(?:\n {4,}[^\n]*)*)/gm)];
  const named = (is: (rest: string) => boolean) => found.filter(([, , rest]) => is(rest!)).map(([, name]) => name!);
  return {
    all: named(() => true),
    required: named((rest) => !rest.includes('otherwise')),
    secret: named((rest) => rest.includes('secret: true')),
  };
};
const PROGRAMS = ['api', 'projector', 'sequencer', 'event-store'] as const;

/** That a program is told all that it needs, nothing that it does not know, and its secrets by files. */
const problemsOf = (app: string, given: readonly string[]): string[] => {
  const { all, required, secret } = settingsOf(app);
  const known = [...all, ...secret.map((each) => `${each}_FILE`), 'TRUSTED_ISSUERS_FILE'];
  const isGiven = (name: string) => given.includes(name) || given.includes(`${name}_FILE`);
  return [
    ...given.filter((each) => !known.includes(each)).map((each) => `${app} does not know ${each}`),
    ...required.filter((each) => !isGiven(each)).map((each) => `${app} lacks ${each}`),
    ...secret.filter((each) => given.includes(each)).map((each) => `${app} is given ${each}, and not by a file`),
  ];
};

/** Files that keygen makes, and certificates that the operator brings. */
const keygenFiles = (): readonly string[] => {
  const folder = temporaryFolder();
  return [
    ...makeKeys(folder, { database: 'h:1/lodestone', eventStore: 'h:2' }).map(({ file }) => basename(file)),
    'owner-keys',
    'event-store.crt',
    'event-store.key',
  ];
};

describe('The image', () => {
  const dockerfile = read('infra/Dockerfile');

  it('copies what is there', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, list]) => list!.split(' '));
    expect(sources.filter((each) => !existsSync(each))).toEqual([]);
    expect(sources.length).toBeGreaterThan(5);
  });

  it('holds all that each program needs to start', () => {
    const image = temporaryFolder();
    for (const [from, to] of [...dockerfile.matchAll(/^COPY --from=build \/lodestone\/(\S+) (\S+)$/gm)].map(
      ([, from, to]) => [from!, to === './' ? from! : to!] as const,
    )) {
      if (from === 'node_modules') symlinkSync(resolve(from), join(image, to));
      else {
        mkdirSync(join(image, to, '..'), { recursive: true });
        cpSync(from, join(image, to), { recursive: true, filter: (path) => !path.startsWith('dist/test') });
      }
    }
    const { NODE_OPTIONS: _, ...env } = process.env;
    const [, ...flags] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as string[];
    for (const app of [...PROGRAMS, 'auditor', 'keygen', 'import']) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [...flags, `dist/apps/${app}/src/main.js`, '--help'],
        { cwd: image, env, encoding: 'utf8' },
      );
      expect([app, status, stderr]).toEqual([app, 0, '']);
      expect(stdout).toMatch(/Usage|environment variables/);
    }
  });
});

/** What a mapping takes over from others by `<<`, which YAML's newer versions leave to whoever reads it. */
const merged = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const { '<<': from, ...own } = value as Record<string, unknown>;
  const resolved = Object.fromEntries(Object.entries(own).map(([key, each]) => [key, merged(each)]));
  return from === undefined ? resolved : { ...(merged(from) as object), ...resolved };
};

describe('The compose file', () => {
  type Service = {
    readonly image: string;
    readonly command?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly secrets?: readonly string[];
    readonly volumes?: readonly string[];
    readonly networks?: readonly string[];
    readonly depends_on?: readonly string[];
  };
  const { services, secrets, networks } = merged(load(read('infra/compose/compose.yaml'))) as {
    services: Readonly<Record<string, Service>>;
    secrets: Readonly<Record<string, { readonly file: string }>>;
    networks: object;
  };

  it.each(PROGRAMS)('tells %s all that it needs, and its secrets by files', (app) => {
    const { command, environment } = services[app]!;
    expect(command?.[0]).toBe(`dist/apps/${app}/src/main.js`);
    expect(problemsOf(app, Object.keys(environment!))).toEqual([]);
  });

  it('mounts each secret that a service reads, and keygen makes each', () => {
    for (const [name, { environment = {}, command = [], secrets: mounted = [] }] of Object.entries(services)) {
      const asked = matches([...Object.values(environment), ...command].join('\n'), /\/run\/secrets\/(\S+)/g);
      expect([name, asked.filter((each) => !mounted.includes(each))]).toEqual([name, []]);
    }
    const made = keygenFiles();
    expect(Object.values(secrets).filter(({ file }) => !made.includes(basename(file)))).toEqual([]);
    expect(
      Object.values(services)
        .flatMap(({ secrets: mounted = [] }) => mounted)
        .filter((each) => !(each in secrets)),
    ).toEqual([]);
  });

  it('names networks, services and files of this repository that exist', () => {
    for (const service of Object.values(services)) {
      expect(service.networks!.filter((each) => !(each in networks))).toEqual([]);
      expect((service.depends_on ?? []).filter((each) => !(each in services))).toEqual([]);
      const ours = (service.volumes ?? []).map((each) => each.split(':')[0]!).filter((each) => each.startsWith('../'));
      expect(ours.filter((each) => !existsSync(join('infra/compose', each)))).toEqual([]);
    }
  });
});

describe('The units of systemd', () => {
  it.each(PROGRAMS)('tell %s all that it needs, and its secrets as credentials', (app) => {
    const unit = read(`infra/systemd/lodestone-${app}.service`);
    expect(unit).toMatch(new RegExp(`^ExecStart=.* /opt/lodestone/dist/apps/${app}/src/main\\.js`, 'm'));
    const given = matches(unit, /^Environment=(.*)$/gm).flatMap((line) => matches(line, /(\w+)=\S*/g));
    const { required } = settingsOf(app);
    expect(problemsOf(app, [...given, ...required.filter((each) => each.endsWith('_NETWORK'))])).toEqual([]);
    const credentials = matches(unit, /^LoadCredential=(\S+):/gm);
    expect(matches(unit, /=%d\/(\S+)$/gm)).toEqual(credentials);
    const made = keygenFiles();
    expect(
      matches(unit, /^LoadCredential=\S+:\/etc\/lodestone\/secrets\/(\S+)$/gm).filter((each) => !made.includes(each)),
    ).toEqual([]);
  });

  it('are understood by systemd', () => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) return;
    const folder = temporaryFolder();
    const units = readdirSync('infra/systemd').map((name) => {
      const file = join(folder, name);
      // Where Lodestone is not installed, its program is not there.
      writeFileSync(
        file,
        read(join('infra/systemd', name)).replaceAll('/opt/lodestone/node_modules/.bin/node', '/bin/true'),
      );
      return file;
    });
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('The chart', () => {
  const chart = 'infra/helm/lodestone';
  const values = load(read(join(chart, 'values.yaml'))) as object;
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);

  /** Templates have names of values and of the release and nothing else, so that this is what Helm makes of them. */
  const rendered = (file: string): readonly Manifest[] =>
    loadAll(
      read(file).replace(/\{\{ (.*?) \}\}/g, (_, what: string) => {
        if (what === '.Release.Name') return 'minerals';
        const value = what.startsWith('.Values.') ? at(what.slice('.Values.'.length)) : undefined;
        if (typeof value !== 'string' && typeof value !== 'number')
          throw new Error(`${file}: {{ ${what} }} is nothing`);
        return String(value);
      }),
    ) as Manifest[];
  type Container = {
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly ports: readonly { readonly name: string }[];
    readonly volumeMounts: readonly { readonly name: string }[];
    readonly startupProbe: { readonly httpGet: { readonly port: string } };
  };
  type Manifest = {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly selector: { readonly matchLabels: object };
      readonly template: {
        readonly metadata: { readonly labels: object };
        readonly spec: {
          readonly containers: readonly [Container];
          readonly volumes: readonly { readonly name: string }[];
        };
      };
      readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    };
  };
  const manifests = globSync(`${chart}/templates/*.yaml`).flatMap(rendered);

  it('makes what runs, once each', () =>
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'Deployment minerals-api',
      'Deployment minerals-projector',
      'NetworkPolicy minerals',
      'PodDisruptionBudget minerals-api',
      'Service minerals-api',
      'Service minerals-sequencer',
      'StatefulSet minerals-sequencer',
    ]));

  it.each(['api', 'projector', 'sequencer'])('tells %s all that it needs, and its secrets by files', (app) => {
    const { spec } = manifests.find(
      ({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === `minerals-${app}`,
    )!;
    const { containers, volumes } = spec.template.spec;
    const [{ args, env, ports, volumeMounts, startupProbe }] = containers;
    expect(args).toEqual([`dist/apps/${app}/src/main.js`]);
    expect(
      problemsOf(
        app,
        env.map(({ name }) => name),
      ),
    ).toEqual([]);
    const made = keygenFiles();
    expect(
      matches(env.map(({ value }) => value).join('\n'), /^\/secrets\/(\S+)$/gm).filter((each) => !made.includes(each)),
    ).toEqual([]);
    const held = [
      ...volumes.map(({ name }) => name),
      ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    expect(volumeMounts.map(({ name }) => name).sort()).toEqual(held.sort());
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(ports.map(({ name }) => name)).toContain(startupProbe.httpGet.port);
  });

  it('has a value for each name, and no value that nothing names', () => {
    const templates = globSync(`${chart}/templates/*.yaml`).map(read).join('\n');
    const leaves = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, each]) =>
        typeof each === 'object' ? leaves(each as object, `${path}${key}.`) : [`${path}${key}`],
      );
    expect(leaves(values).filter((path) => !templates.includes(`{{ .Values.${path} }}`))).toEqual([]);
  });
});

describe('The proxy', () => {
  it('is understood by nginx', () => {
    if (spawnSync('nginx', ['-v']).status !== 0) return;
    const folder = temporaryFolder();
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=test', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'fullchain.pem')],
    ]);
    if (made.status !== 0) return;
    for (const place of ['local', 'compose']) {
      // Names of containers are known to containers alone.
      const upstreams = read(`infra/nginx/upstreams-${place}.conf`).replace(
        /server (api|sequencer):/g,
        'server 127.0.0.1:',
      );
      const server = read('infra/nginx/lodestone.conf').replaceAll('/etc/lodestone/tls', folder);
      const file = join(folder, `${place}.conf`);
      writeFileSync(
        file,
        `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\nclient_body_temp_path ${folder}/body;\nproxy_temp_path ${folder}/proxy;\nfastcgi_temp_path ${folder}/f;\nuwsgi_temp_path ${folder}/u;\nscgi_temp_path ${folder}/s;\n${upstreams}\n${server}\n}\n`,
      );
      const { status, stderr } = spawnSync('nginx', ['-t', '-p', folder, '-c', file], { encoding: 'utf8' });
      expect([place, status, stderr]).toEqual([place, 0, expect.stringContaining('test is successful')]);
    }
  });
});
