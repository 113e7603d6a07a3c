import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { BACKWARDS, END, EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { admitKeyKeeper, OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { PostgresProjectionStore } from '@adapters/read-store-postgres';
import { projects } from '@capabilities/projects';
import { kindsOf, Projector, EncryptedEventStore } from '@foundation/eventing';
import type { AnyView } from '@kernel';
import { Client, Pool } from 'pg';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';

/**
 * `npm run bench`: what the platform costs above the stores that it stands on. Every figure stands beside its floor,
 * measured in the same run on the same machine by the same driver; read the ratios, not the figures.
 */
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const IN_FLIGHT = [1, 16, 64];

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const post = (
  url: string,
  token: string,
  body: string,
): Promise<{ errors?: unknown; data?: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as never));
    });
    sent.on('error', reject);
    sent.end(body);
  });

type Measured = { readonly perSecond: number; readonly p50: number; readonly p99: number };

/** Keeps `inFlight` calls going for the time given, after a fifth of it to warm up. */
const measure = async (inFlight: number, call: (index: number) => Promise<void>): Promise<Measured> => {
  const start = performance.now();
  const [from, to] = [start + SECONDS * 200, start + SECONDS * 1_200];
  const latencies: number[] = [];
  let index = 0;
  const one = async (): Promise<void> => {
    for (;;) {
      const begun = performance.now();
      if (begun >= to) return;
      await call(index++);
      const ended = performance.now();
      if (begun >= from && ended <= to) latencies.push(ended - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return { perSecond: latencies.length / SECONDS, ...percentiles(latencies) };
};

const percentiles = (values: number[]): { p50: number; p99: number } => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
};

const PROPOSE = `mutation ($input: ProposeProjectInput!) { proposeProject(input: $input) { __typename ... on CommandAccepted { recordId revision position } ... on CommandRejected { code message } } }`;
const project = (title: string) => ({
  title,
  materials: ['gallium'],
  stages: ['REFINING'],
  hostCountry: 'AU',
  summary: 'x'.repeat(400),
  marking: { releaseTo: ['US', 'AU'] },
});

const propose = async (platform: RunningPlatform, token: string, title: string): Promise<string> => {
  const answer = await post(
    platform.graphql,
    token,
    JSON.stringify({ query: PROPOSE, variables: { input: project(title) } }),
  );
  const outcome = answer.data?.['proposeProject'] as { __typename: string; recordId: string };
  if (outcome?.__typename !== 'CommandAccepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return outcome.recordId;
};

const row = (name: string, ...cells: (string | number)[]): void =>
  console.log(
    `${name.padEnd(46)}${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell >= 100 ? 0 : 2) : cell).padStart(12)).join('')}`,
  );

/** Events that the history holds beside those of the platform; a rebuild reads past them. */
let bareAppends = 0;

const mutations = async (platform: RunningPlatform, token: string): Promise<void> => {
  console.log(
    '\nMutations through the whole stack, beside bare appends of the same event through the same store client',
  );
  row('in flight', 'mutations/s', 'p50 ms', 'p99 ms', 'appends/s', 'p50 ms', 'p99 ms', 'ratio');
  const store = EventStoreDBClient.connectionString(platform.eventStore);
  const sample = await sampleEvent(store);
  for (const inFlight of IN_FLIGHT) {
    const whole = await measure(
      inFlight,
      async (index) => void (await propose(platform, token, `Bench ${inFlight} ${index}`)),
    );
    const bare = await measure(inFlight, async (index) => {
      bareAppends++;
      await store.appendToStream(`bench-${inFlight}-${index}-${Date.now()}`, jsonEvent(sample), {
        expectedRevision: NO_STREAM,
      });
    });
    row(
      String(inFlight),
      whole.perSecond,
      whole.p50,
      whole.p99,
      bare.perSecond,
      bare.p50,
      bare.p99,
      whole.perSecond / bare.perSecond,
    );
  }
  await store.dispose();
};

/** An event as the platform writes it, with its metadata. */
const sampleEvent = async (
  store: EventStoreDBClient,
): Promise<{ type: string; data: Record<string, unknown>; metadata: Record<string, unknown> }> => {
  const latest = await Array.fromAsync(store.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 20 }));
  const proposed = latest.find(({ event }) => event?.type === 'projects.ProjectProposed.v1')!.event!;
  // Sealed for another place, it would be one that cannot be read.
  const { sealed: content, ...open } = proposed.data as { sealed: object };
  return { type: 'bench.Sample.v1', data: { ...open, content }, metadata: proposed.metadata as never };
};

const lists = async (platform: RunningPlatform, token: string): Promise<void> => {
  console.log(
    '\nA page of 50 of what the reader may see, beside the same SQL by bare pg as the owner (no row-level security)',
  );
  row('in flight', 'queries/s', 'p50 ms', 'p99 ms', 'bare SQL/s', 'p50 ms', 'p99 ms', 'ratio');
  const query = JSON.stringify({
    query:
      '{ projects(first: 50, orderBy: { field: PROPOSED_AT, direction: DESC }) { nodes { id title status hostCountry proposedAt } pageInfo { hasNextPage endCursor } } }',
  });
  const view = projects.views.find((each) => each.name === 'projects.projects')!;
  const sql = `SELECT t.key, t.row, t."f_proposedAt" AS value FROM lodestone."${view.name}/${view.version}" t
               WHERE t.marking = ANY (SELECT id FROM lodestone.markings WHERE readers && $1::text[]) ORDER BY t."f_proposedAt" DESC, t.key DESC LIMIT 51`;
  const pool = new Pool({ connectionString: platform.database, max: 10 });
  for (const inFlight of IN_FLIGHT) {
    const whole = await measure(inFlight, async () => {
      const answer = await post(platform.graphql, token, query);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    });
    const bare = await measure(
      inFlight,
      async () => void (await pool.query(sql, [['PUBLIC', 'MEMBERS', 'country:US']])),
    );
    row(
      String(inFlight),
      whole.perSecond,
      whole.p50,
      whole.p99,
      bare.perSecond,
      bare.p50,
      bare.p99,
      whole.perSecond / bare.perSecond,
    );
  }
  await pool.end();
};

const latency = async (platform: RunningPlatform, token: string): Promise<void> => {
  const reader = platform.as('US', 'DELEGATE', 'bench');
  const changes = reader.subscribe<{ projectChanged: { project: { title: string } } }>(
    'subscription { projectChanged { project { title } } }',
  );
  await changes.opened;
  const sent = new Map<string, number>();
  const took: number[] = [];
  const answered: number[] = [];
  const rounds = 40 * SECONDS;
  const reading = (async () => {
    for await (const { projectChanged } of changes) {
      const at = sent.get(projectChanged.project.title);
      if (at !== undefined) took.push(performance.now() - at);
      if (took.length === rounds) return;
    }
  })();
  for (let index = 0; index < rounds; index++) {
    const title = `Latency ${index}`;
    sent.set(title, performance.now());
    await propose(platform, token, title);
    answered.push(performance.now() - sent.get(title)!);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await reading;
  console.log("\nFrom sending a command until another country's subscriber has it, beside the command's own answer");
  row('', 'p50 ms', 'p99 ms', 'answer p50', 'answer p99');
  const [all, own] = [percentiles(took), percentiles(answered)];
  row(`${rounds} changes, one at a time`, all.p50, all.p99, own.p50, own.p99);
};

const rebuild = async (platform: RunningPlatform): Promise<void> => {
  const view = projects.views.find((each) => each.name === 'projects.projects')! as AnyView;
  const renewed = { ...view, name: 'bench.projects' };
  const stored = new EventStoreDbEventStore(platform.eventStore);
  const { keysPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    keysPassword: string;
  };
  const keys = new PostgresDataKeys(
    await admitKeyKeeper(platform.database, keysPassword),
    new OwnerKeyFiles(join(platform.folder, 'owner-keys')),
  );
  const events = new EncryptedEventStore(stored, keys, kindsOf([projects]));
  const owner = new Client({ connectionString: platform.database });
  await owner.connect();
  const running = new AbortController();
  const start = performance.now();
  let took = 0;
  const projector = new Projector(events, new PostgresProjectionStore(platform.database), [renewed], {
    caughtUp: () => {
      took = performance.now() - start;
      running.abort();
    },
    viewStopped: (_, reason) => console.error(reason),
    interrupted: (reason) => console.error(reason),
  });
  await projector.run(running.signal);
  const { rows } = await owner.query<{ count: string }>(
    `SELECT count(*) FROM lodestone."bench.projects/${view.version}"`,
  );
  const count = Number(rows[0]!.count);

  // The floor: the same rows, already made, by COPY into a table of the same shape in one transaction.
  const copied = performance.now();
  await owner.query(
    `CREATE TABLE lodestone.bench_copy (LIKE lodestone."bench.projects/${view.version}" INCLUDING ALL EXCLUDING GENERATED)`,
  );
  await owner.query(`INSERT INTO lodestone.bench_copy SELECT * FROM lodestone."bench.projects/${view.version}"`);
  const copy = performance.now() - copied;
  await owner.query(
    `DROP TABLE lodestone.bench_copy; DROP TABLE lodestone."bench.projects/${view.version}"; DELETE FROM lodestone.views WHERE name = 'bench.projects'`,
  );
  await owner.end();
  await Promise.all([stored.close(), keys.close()]);
  console.log('\nRebuild of a view from the history, beside a bare copy of its finished rows inside the database');
  row('', 'rows', 'events', 'events/s', 'copied/s', 'ratio');
  const read = count + bareAppends;
  row(
    'projects',
    String(count),
    String(read),
    (read / took) * 1000,
    (count / copy) * 1000,
    (read / took) * (copy / count),
  );
};

const platform = await startPlatform();
try {
  const secretariat = platform.as(null, 'SECRETARIAT');
  await secretariat.command('registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
  const japan = await platform.tokenOf({ country: 'JP', roles: ['DELEGATE'] })();
  const unitedStates = await platform.tokenOf({ country: 'US', roles: ['DELEGATE'] })();
  console.log(
    `Node ${process.version}, ${SECONDS} s a figure; client, API, projector, event store and PostgreSQL share this machine`,
  );
  await propose(platform, japan, 'The first');
  await mutations(platform, japan);
  await lists(platform, unitedStates);
  await latency(platform, japan);
  await rebuild(platform);
} finally {
  await platform.stop();
}
