import { createServer } from 'node:net';
import { admitKeyKeeper } from '@adapters/key-store-postgres';
import { admitReader } from '@adapters/read-store-postgres';
import { admitSessionKeeper } from '@adapters/session-store-postgres';
import { launchDatabase } from './database.js';
import { DataFolder, type Runtime } from './kept.js';
import { KeptRunning, type Launch } from './kept-running.js';
import { launchProgram, type Program, type Ready } from './program.js';
import { StartRefused } from './start-refused.js';

export type PlatformOptions = {
  /** Port of the GraphQL API; 0 picks a free one. */
  readonly port: number;
  readonly dataFolder: string;
  /**
   * Port of the API's metrics; those of projector, sequencer and event store come after it. 0 picks free ones, null has
   * none.
   */
  readonly metricsPort: number | null;
  /** Stores that run elsewhere; where left out, embedded ones are started. */
  readonly eventStoreUrl: string | null;
  readonly databaseUrl: string | null;
  readonly onStep: (step: string) => void;
};

/** The whole platform on one machine. */
export class Platform {
  readonly #folder: DataFolder;
  /** In the order of starting; stopped in reverse, so that nobody loses what it stands on. */
  readonly #parts: { stop(): Promise<void> }[] = [];
  /** Where the metrics of each program are. */
  readonly #watched = new Map<string, string>();
  #isStopping = false;

  constructor(private readonly options: PlatformOptions) {
    this.#folder = new DataFolder(options.dataFolder);
  }

  /**
   * Resolves with the addresses when every part is ready.
   * @throws StartRefused, or what a part said that did not start
   */
  async start(): Promise<Runtime> {
    const { port, onStep } = this.options;
    await this.#folder.hold(onStep);
    await requireFree(port);
    const secrets = this.#folder.secrets();
    const storing = this.#eventStore();
    const [eventStore, database, issuer, log] = await allOrFirstError([
      storing,
      this.#database(),
      this.#identity(),
      storing.then((url) => this.#log(url)),
    ]);

    onStep('opening the read models');
    const readerUrl = await admitReader(database, secrets.readerPassword);
    const keys = {
      KEYS_DATABASE_URL: await admitKeyKeeper(database, secrets.keysPassword),
      OWNER_KEYS_FOLDER: this.#folder.part('owner-keys'),
    };
    const sessionsUrl = await admitSessionKeeper(database, secrets.sessionsPassword);
    const projector = this.#program(() => ({
      name: 'projector',
      main: 'projector/src/main.js',
      environment: { EVENT_STORE_URL: eventStore, DATABASE_URL: database, ...keys },
    }));
    const api = this.#program((before) => ({
      name: 'API',
      main: 'api/src/main.js',
      environment: {
        LODESTONE_PORT: String(before ? portOf(String(before['graphql'])) : port),
        EVENT_STORE_URL: eventStore,
        LOG_URL: log,
        DATABASE_URL: '',
        DATABASE_READER_URL: readerUrl,
        ...keys,
        SESSIONS_DATABASE_URL: sessionsUrl,
        SEAL_KEY: secrets.sealKey,
        RECEIPT_KEY_FILE: this.#folder.receiptKey(),
        TRUSTED_ISSUERS: JSON.stringify([developmentIssuer(issuer, this.#folder.part('identity/client-secret'))]),
      },
    }));
    const notifier = this.#program(() => ({
      name: 'notifier',
      main: 'notifier/src/main.js',
      environment: {
        EVENT_STORE_URL: eventStore,
        DATABASE_URL: database,
        DATABASE_READER_URL: readerUrl,
        ...keys,
        LODESTONE_MAIL_FOLDER: this.#folder.part('mail'),
      },
    }));
    const [ready] = await allOrFirstError([
      api.start().then((answer) => (onStep(`API: ${String(answer['graphql'])}`), answer)),
      projector.start().then(() => onStep('projector: read models are up to date')),
      notifier.start().then(() => onStep('notifier: alerts are matched')),
    ]);
    const page = ready['console'];
    if (typeof page === 'string') onStep(`console: open ${page} in a browser`);
    const opened = typeof page === 'string' ? { console: page } : {};
    const addresses = { graphql: String(ready['graphql']), ...opened, issuer, eventStore, database, log };
    const metrics = Object.fromEntries(this.#watched);
    const runtime = this.#watched.size === 0 ? addresses : { ...addresses, metrics };
    this.#folder.announce(runtime);
    return runtime;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#folder.withdraw();
    // One that cannot be stopped must not keep the others.
    for (const part of this.#parts.splice(0).reverse())
      await part.stop().catch((error: unknown) => console.error(error));
    this.#folder.release();
  }

  async #eventStore(): Promise<string> {
    if (this.options.eventStoreUrl) return this.options.eventStoreUrl;
    const port = await freeOr0(this.#folder.ports().eventStore);
    const program = this.#program((before) => ({
      name: 'event store',
      main: 'event-store/src/main.js',
      args: [
        '--port',
        String(before ? portOf(String(before['eventStore'])) : port),
        '--data',
        this.#folder.part('event-store'),
      ],
    }));
    const url = String((await program.start())['eventStore']);
    this.#folder.keepPorts({ ...this.#folder.ports(), eventStore: portOf(url) });
    this.options.onStep(`event store: ${url}`);
    return url;
  }

  async #database(): Promise<string> {
    if (this.options.databaseUrl) return this.options.databaseUrl;
    const onProgress = (step: string): void => this.options.onStep(`PostgreSQL: ${step}`);
    const url = await this.#part('database', (before: string | null, signal) =>
      launchDatabase(this.#folder.part('postgres'), before, onProgress, signal),
    ).start();
    onProgress('ready');
    return url;
  }

  async #identity(): Promise<string> {
    const port = await freeOr0(this.#folder.ports().identity);
    const program = this.#program((before) => ({
      name: 'identity provider',
      main: 'identity/src/main.js',
      args: [
        '--port',
        String(before ? portOf(String(before['issuer'])) : port),
        '--data',
        this.#folder.part('identity'),
      ],
    }));
    const issuer = String((await program.start())['issuer']);
    this.#folder.keepPorts({ ...this.#folder.ports(), identity: portOf(issuer) });
    this.options.onStep(`development identity provider: ${issuer}`);
    return issuer;
  }

  /** The sequencer, which makes the verifiable log out of the history. */
  async #log(eventStore: string): Promise<string> {
    const port = await freeOr0(this.#folder.ports().log);
    const program = this.#program((before) => ({
      name: 'sequencer',
      main: 'sequencer/src/main.js',
      environment: {
        LOG_PORT: String(before ? portOf(String(before['log'])) : port),
        LOG_DATA: this.#folder.part('log'),
        EVENT_STORE_URL: eventStore,
      },
    }));
    const url = String((await program.start())['log']);
    this.#folder.keepPorts({ ...this.#folder.ports(), log: portOf(url) });
    this.options.onStep(`verifiable log: ${url}`);
    return url;
  }

  /** @param how how it is started, given what it answered at its first start, if any: it comes back at that address */
  #program(how: (before: Ready | null) => Omit<Program, 'compiled' | 'onSpawn'>): KeptRunning<Ready> {
    const { name } = how(null);
    const started = {
      compiled: this.#folder.part('compiled'),
      onSpawn: (pid: number) => this.#folder.note(name, pid),
    };
    return this.#part(name, async (before, signal) => {
      const program = how(before);
      const environment = { ...program.environment, LODESTONE_METRICS_PORT: this.#metricsPort(name) };
      const running = await launchProgram({ ...program, environment, ...started }, signal);
      const { metrics } = running.answer;
      if (typeof metrics === 'string') this.#watched.set(name, metrics);
      return running;
    });
  }

  /** As a program's setting; empty for none. */
  #metricsPort(name: string): string {
    const { metricsPort } = this.options;
    const place = WATCHED.indexOf(name);
    return metricsPort === null || place < 0 ? '' : String(metricsPort === 0 ? 0 : metricsPort + place);
  }

  #part<Answer>(name: string, launch: Launch<Answer>): KeptRunning<Answer> {
    if (this.#isStopping) throw new Error('it was stopped before it had started');
    const part = new KeptRunning(name, launch);
    this.#parts.push(part);
    return part;
  }
}

/** Programs that have metrics, in the order of their ports. */
const WATCHED: readonly string[] = ['API', 'projector', 'sequencer', 'event store', 'notifier'];

/** The id under which the development provider knows the console. */
const CONSOLE_CLIENT = 'lodestone-console';

/** The embedded provider makes up people of every country: for development only, and refused in production. */
const developmentIssuer = (issuer: string, secretFile: string) => ({
  issuer,
  audience: 'lodestone-api',
  jwksUri: `${issuer}/jwks`,
  countries: '*',
  roles: '*',
  subjectClaim: 'sub',
  signIn: {
    key: 'development',
    names: {
      en: 'Development: made-up persons',
      fr: 'Développement : personnes inventées',
      de: 'Entwicklung: erfundene Personen',
      ja: '開発用：架空の人物',
    },
    clientId: CONSOLE_CLIENT,
    secretFile,
  },
  development: true,
});

const portOf = (url: string): number => Number(/:(\d+)/.exec(url.slice(url.indexOf('://') + 3))?.[1]);

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const freeOr0 = async (port: number | undefined): Promise<number> =>
  port !== undefined && (await isFree(port)) ? port : 0;

const requireFree = async (port: number): Promise<void> => {
  if (port !== 0 && !(await isFree(port))) {
    throw new StartRefused(
      `Port ${port} is taken by another program. Stop it, or choose another port: LODESTONE_PORT=4100 npm start`,
    );
  }
};

/** All results; on failure the first error, once all have come to an end, so that whatever was started can be stopped. */
const allOrFirstError = async <T extends readonly Promise<unknown>[]>(work: readonly [...T]) => {
  await Promise.allSettled(work);
  return await Promise.all(work);
};
