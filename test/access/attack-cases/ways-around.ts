import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { admitKeyKeeper } from '@adapters/key-store-postgres';
import { admitReader } from '@adapters/read-store-postgres';
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { capabilities } from '../../../apps/api/src/capabilities.js';
import { send } from '../../acceptance/support/answers.js';
import { until } from '../../support/waiting.js';
import { startDatabase } from '../../support/database.js';
import { Listening } from '../worlds/listening.js';
import { READERS } from '../worlds/people.js';
import { readQuestions, type Question } from '../worlds/questions.js';
import type { Stage } from '../worlds/stage.js';
import { absent, filled, vocabularyOf } from '../worlds/vocabulary.js';
import { hide, OUTSIDER, OWNER, PROJECT, propose, STOCK, told } from './cast.js';

/** What the notifier keeps is no read model, and no notifier runs beside the new ones. */
const isOfNotifier = (name: string): boolean => /^(alerts|unreadAlertCount|previewAlertRule)\b/.test(name);

export const waysAround = (stage: () => Stage): void =>
  describe('Ways around', () => {
    const secretsOf = () =>
      JSON.parse(readFileSync(join(stage().platform.folder, 'secrets.json'), 'utf8')) as {
        readerPassword: string;
        sealKey: string;
        keysPassword: string;
      };

    it('attack case 42: whichever way is taken, the same is told to the same person', async () => {
      const visible = await propose(stage(), ['PUBLIC']);
      await hide(stage(), visible);
      await stage().shown();
      const query = '{ projects(first: 200) { totalCount nodes { id } } pledges(first: 200) { nodes { id } } }';
      const url = `/graphql?query=${encodeURIComponent(query)}`;
      const posted = await stage().ask(OUTSIDER)(query);
      const json = { accept: 'application/graphql-response+json' };
      expect((await stage().sent(OUTSIDER, url, { headers: json })).body).toBe(posted.body);
      const events = await stage().sent(OUTSIDER, '/graphql', {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(events.body).toContain(`data: ${posted.body}`);
      const asked: Question & { field: string } = { field: 'asked', name: 'asked', document: query, variables: {} };
      const socket = await Listening.to(stage().platform, OUTSIDER, [asked]);
      const overSocket = await until('the question is answered over the socket', () => socket.heard.get('asked')![0]);
      expect((JSON.parse(overSocket) as { payload: object }).payload).toEqual(JSON.parse(posted.body));
      socket.stop();

      // What watches the platform is told how it is, and nothing of what is in it.
      const origin = new URL(stage().platform.graphql).origin;
      const others = [
        '/health/live',
        '/health/ready',
        '/metrics',
        '/openapi.json',
        '/api',
        '/rest/projects',
        '/export',
        '/files',
      ];
      const watched = () => Promise.all(others.map((path) => send(origin + path, {})));
      const before = await watched();
      await hide(stage(), visible);
      await stage().shown();
      expect(await watched()).toEqual(before);
      expect(before.filter(({ status }) => status === 200).map(({ body }) => body)).toEqual([
        '{"live":true}',
        '{"eventStore":"up","readStore":"up","views":"up","notifier":"up","keys":"up","registers":"up","history":"up","log":"up","clock":"right"}',
      ]);
      for (const secret of ['Hidden', visible, 'A refinery'])
        expect(stage().platform.said.join('\n')).not.toContain(secret);
    });

    it('attack case 44: the login that the API reads with sees nothing by itself, whatever it asks', async () => {
      const { readerPassword } = secretsOf();
      const url = new URL(stage().platform.database);
      url.username = 'lodestone_reader';
      url.password = readerPassword;
      const reader = new Client({ connectionString: url.toString() });
      await reader.connect();
      try {
        const { rows: tables } = await reader.query<{ name: string }>(
          `SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'lodestone' AND relkind = 'r' AND relname LIKE '%/%'`,
        );
        expect(tables.length).toBeGreaterThanOrEqual(capabilities.flatMap(({ views }) => views).length);
        for (const { name } of tables) {
          const { rows } = await reader.query(`SELECT * FROM lodestone."${name}"`);
          expect([name, rows]).toEqual([name, []]);
          await expect(reader.query(`DELETE FROM lodestone."${name}"`)).rejects.toThrow(/permission denied/);
          const { rows: statistics } = await reader.query(`SELECT * FROM pg_stats WHERE tablename = $1`, [name]);
          expect([name, statistics]).toEqual([name, []]);
          await expect(reader.query(`SET row_security = off; SELECT * FROM lodestone."${name}"`)).rejects.toThrow(
            /row-level security/,
          );
          await reader.query('SET row_security = on');
        }
        const { rows: roles } = await reader.query<{ name: string }>(
          `SELECT rolname AS name FROM pg_roles WHERE rolname <> 'lodestone_reader' AND NOT rolname LIKE 'pg\\_%'`,
        );
        expect(roles.length).toBeGreaterThan(0);
        for (const { name } of roles)
          await expect(reader.query(`SET ROLE "${name}"`)).rejects.toThrow(/permission denied/);
        await expect(
          reader.query(`ALTER TABLE lodestone."${tables[0]!.name}" DISABLE ROW LEVEL SECURITY`),
        ).rejects.toThrow(/must be owner/);
        await expect(reader.query(`SELECT pg_read_file('PG_VERSION')`)).rejects.toThrow(/permission denied/);
      } finally {
        await reader.end();
      }
    });

    it('attack case 45: read models that are built anew from the history show everybody the same, byte for byte', async () => {
      await hide(stage(), await propose(stage(), ['PUBLIC']));
      await stage().shown();
      const database = await startDatabase();
      const programs: (() => Promise<void>)[] = [];
      const start = async (main: string, environment: Record<string, string>): Promise<Record<string, unknown>> => {
        const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
        const program = spawn(process.execPath, [`dist/apps/${main}/src/main.js`], {
          env: { ...inherited, EVENT_STORE_URL: stage().platform.eventStore, ...environment },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const ended = once(program, 'exit');
        programs.push(async () => {
          program.kill('SIGTERM');
          await ended;
        });
        const [line] = (await Promise.race([
          once(createInterface(program.stdout), 'line'),
          ended.then(() => Promise.reject(new Error(`${main} did not start`))),
        ])) as [string];
        return JSON.parse(line) as Record<string, unknown>;
      };
      try {
        const { sealKey } = secretsOf();
        const readerUrl = await admitReader(database.url, 'secret');
        const keys = {
          KEYS_DATABASE_URL: await admitKeyKeeper(stage().platform.database, secretsOf().keysPassword),
          OWNER_KEYS_FOLDER: join(stage().platform.folder, 'owner-keys'),
        };
        await start('projector', { DATABASE_URL: database.url, ...keys });
        const { issuer } = stage().platform;
        const trusted = {
          issuer,
          audience: 'lodestone-api',
          jwksUri: `${issuer}/jwks`,
          countries: '*',
          roles: '*',
          development: true,
        };
        const { graphql } = await start('api', {
          NODE_ENV: 'test',
          LODESTONE_PORT: '0',
          DATABASE_READER_URL: readerUrl,
          ...keys,
          SEAL_KEY: sealKey,
          RECEIPT_KEY_FILE: join(stage().platform.folder, 'receipt.key'),
          TRUSTED_ISSUERS: JSON.stringify([trusted]),
        });
        for (const reader of [...READERS, { ...OUTSIDER, ...OWNER, name: 'the owner' }]) {
          const vocabulary = vocabularyOf(reader, { ids: [], materials: ['gallium'], cursors: [], positions: [] });
          const filling = absent(stage().position);
          // Each list whole, and in every order; what a filter leaves is a part of it.
          const questions = readQuestions(stage().schema, vocabulary).filter(
            ({ name }) => (!name.includes('(') || name.includes('_orderBy')) && !isOfNotifier(name),
          );
          const token = await stage().platform.tokenOf(reader)();
          for (const { document, variables, name } of questions) {
            const [one, other] = await Promise.all(
              [stage().platform.graphql, String(graphql)].map((address) =>
                send(address, {
                  method: 'POST',
                  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
                  body: JSON.stringify({ query: document, variables: filled(variables, filling) }),
                }),
              ),
            );
            expect([reader.name, name, other]).toEqual([reader.name, name, one]);
          }
        }
      } finally {
        for (const stop of programs.reverse()) await stop();
        await database.stop();
      }
    });

    it('attack case 47: a narrow record is at no moment wide', async () => {
      type Seen = { projects: { nodes: { id: string }[] }; stockDeclarations: { nodes: { id: string }[] } };
      const written: string[] = [];
      const seen = new Set<string>();
      let isWriting = true;
      const looking = Array.from({ length: 3 }, async () => {
        while (isWriting) {
          const { projects, stockDeclarations } = await told<Seen>(
            stage(),
            OUTSIDER,
            '{ projects(first: 50, orderBy: { field: PROPOSED_AT, direction: DESC }) { nodes { id } } stockDeclarations(first: 50, orderBy: { field: DECLARED_AT, direction: DESC }) { nodes { id } } }',
          );
          for (const { id } of [...projects.nodes, ...stockDeclarations.nodes]) seen.add(id);
        }
      });
      const wide = [];
      for (let times = 0; times < 30; times++) {
        wide.push(await propose(stage(), ['PUBLIC']));
        written.push(await propose(stage(), ['KR']));
        written.push(await stage().done(OWNER, 'proposeProject', PROJECT));
        written.push(await stage().done(OWNER, 'declareStock', { ...STOCK, marking: { releaseTo: ['PUBLIC'] } }));
      }
      await stage().shown();
      await told<Seen>(stage(), OUTSIDER, '{ projects { nodes { id } } stockDeclarations { nodes { id } } }');
      isWriting = false;
      await Promise.all(looking);
      expect(written.filter((id) => seen.has(id))).toEqual([]);
      expect(wide.some((id) => seen.has(id))).toBe(true);
    });
  });
