import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@foundation/eventing';
import { COUNTRIES } from '@kernel';
import { getNamedType, isInputObjectType, isNonNullType, type GraphQLSchema } from 'graphql';
import { asker, send, type Answer, type Asker, type Person } from '../../acceptance/support/answers.js';
import { mutations, rootFields, schemaOf } from '../../acceptance/support/from-schema.js';
import { startPlatform, type RunningPlatform } from '../../acceptance/support/platform.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { APPROVES, PREPARES } from './acts.js';
import { MEMBERS, OTHERS, READERS, SECRETARIAT, type Reader } from './people.js';
import { until } from '../../support/waiting.js';
import type { Question } from './questions.js';
import type { Asked, Scene } from './recipe.js';
import { EXEMPT, HIDES_NOTHING, RECIPES, WAYS_OF_HIDING } from './recipes.js';
import { emptied, filled, type Filling } from './vocabulary.js';
import { World } from './world.js';

/** How many requests are under way at once: more would wait for the read store's connections. */
const AT_ONCE = 3;

const WATCHER: Person = { country: null, roles: ['OBSERVER'], person: 'watcher' };

/** A number as the dice give it; what it chooses is up to what there is to choose from. */
export type Die = number;

/** A command that was accepted, or prepared as an act, which then is its record. */
type Taken = { readonly recordId: string; readonly position?: string; readonly digest?: string };

/** Says that the machine is busy, which is not what these tests are about: the question is asked again. */
const isOutage = ({ status, body }: Answer): boolean =>
  status === 429 || /"code":"(\w+_UNAVAILABLE|READ_MODEL_BEHIND)"/.test(body);

/** Depends on how often its caller has asked, not on what the record is. */
const OF_THE_ASKER = /^(x-)?ratelimit|^retry-after$/;

/** One running platform, and the two worlds that take turns on it. */
export class Stage {
  readonly world = new World();
  /** How often each mutation was accepted of those who hide something. */
  readonly accepted = new Map<string, number>();
  readonly refused = new Map<string, number>();
  #position = '';
  readonly #askers = new Map<Person, Asker>();

  private constructor(
    readonly platform: RunningPlatform,
    readonly schema: GraphQLSchema,
  ) {}

  static async set(): Promise<Stage> {
    const platform = await startPlatform();
    const schema = await schemaOf(asker(platform, READERS[0]!));
    const stage = new Stage(platform, schema);
    const { world } = stage;
    world.countriesLeft.push(
      ...COUNTRIES.map(({ code }) => code).filter(
        (each) => ![...MEMBERS, ...OTHERS, PREPARES, APPROVES, 'CL', 'EU', 'AU', 'DE', 'IT', 'CA'].includes(each),
      ),
    );
    for (const country of MEMBERS) await stage.done(SECRETARIAT, 'admitMember', { country, since: '2026-01-01' });
    for (const code of ['gallium', 'tungsten']) {
      await stage.done(SECRETARIAT, 'registerMaterial', {
        code,
        name: code,
        group: 'minor metals',
        hsCodes: ['811292'],
      });
      world.add({ kind: 'material', id: code, owner: 'SECRETARIAT', audience: ['PUBLIC'] });
      world.materials.push(code);
    }
    const korea = { country: 'KR', roles: ['DELEGATE'], person: 'author' };
    await stage.#found(korea, 'KR', ['FR'], true);
    await stage.#found({ country: 'US', roles: ['DELEGATE'], person: 'author' }, 'US', ['KR', 'NO'], false);
    await stage.#found({ country: 'US', roles: ['DELEGATE'], person: 'author' }, 'US', ['KR', 'FR'], true);
    await world.acts.prepare(world, (who, mutation, input) => stage.accepting(who, mutation, input));
    await stage.shown();
    return stage;
  }

  async #found(by: Person, owner: string, members: readonly string[], membersVisible: boolean): Promise<void> {
    const id = await this.done(by, 'foundGroup', { name: 'Known to Korea', members, membersVisible });
    const record = this.world.add({ kind: 'group', id, owner, audience: [id], members: new Set([owner, ...members]) });
    if (membersVisible) record.facts.add('membersVisible');
  }

  /** Where the latest command of this stage stands in the history. */
  get position(): string {
    return this.#position;
  }

  ask(who: Person): Asker {
    let ask = this.#askers.get(who);
    if (!ask) this.#askers.set(who, (ask = patient(asker(this.platform, who))));
    return ask;
  }

  /** Carries out a command that must be accepted. @returns the id of the record */
  async done(who: Person, mutation: string, input: object): Promise<string> {
    return (await this.accepting(who, mutation, input)).recordId;
  }

  /** Carries out a command that must be accepted, or prepared for a second person. */
  async accepting(who: Person, mutation: string, input: object): Promise<Taken> {
    const outcome = await this.command(who, mutation, input);
    if ('code' in outcome)
      throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)} ${JSON.stringify(input)}`);
    return outcome;
  }

  async command(who: Person, mutation: string, input: object): Promise<Taken | { readonly code: string }> {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { outcome: ${mutation}(input: $input) {
      ... on CommandAccepted { recordId position } ... on CommandPrepared { recordId: act digest }
      ... on CommandRejected { code message details } } }`;
    // Where it is sent again, it is recorded once.
    const { body } = await this.ask(who)(document, { input: { commandId: newId(), ...input } });
    const { data } = JSON.parse(body) as {
      data?: { outcome: Taken | { code: string } };
    };
    if (!data) throw new Error(`${mutation} was not understood: ${body} ${JSON.stringify(input)}`);
    if ('position' in data.outcome) this.#position = data.outcome.position!;
    return data.outcome;
  }

  /** Resolves when every query shows all that was recorded. */
  async shown(position = this.#position): Promise<void> {
    const fields = rootFields(this.schema).filter(
      ({ operation, field }) => operation === 'query' && field.args.some(({ name }) => name === 'atLeast'),
    );
    await Promise.all(
      fields.map(async ({ field }) => {
        const needed = field.args
          .filter(({ type }) => isNonNullType(type))
          .map(({ name }) => `, ${name}: "${newId()}"`);
        // Of a record as of a time, one of two ways to say the time is needed.
        if (field.args.some(({ name }) => name === 'at')) needed.push(`, at: "${new Date().toISOString()}"`);
        // Somebody who sees what is public alone: whoever reads more is noted, for the owner to see.
        const document = `query ($at: Position) { ${field.name}(atLeast: $at${needed.join('')}) { __typename } }`;
        // A busy machine's read models may be behind for longer than the API waits.
        await until(`${field.name} shows what was recorded`, async () => {
          const answer = await this.ask(WATCHER)(document, { at: position });
          if (answer.status !== 200) throw new Error(answer.body);
          return true;
        });
      }),
    );
  }

  /** The answers as the reader gets them, each with the places of the question in it again. */
  async answers(reader: Reader, questions: readonly Question[], filling: Filling, atOnce = AT_ONCE): Promise<Answer[]> {
    const ask = this.ask(reader);
    const answers: Answer[] = [];
    // A pool: a slow answer keeps one place, not all of them.
    const left = questions.entries();
    const worker = async (): Promise<void> => {
      for (const [at, { document, variables }] of left) {
        const answer = await ask(document, filled(variables, filling) as Record<string, unknown>);
        const headers = Object.entries(answer.headers).filter(([name]) => !OF_THE_ASKER.test(name));
        answers[at] = { ...answer, headers: Object.fromEntries(headers), body: emptied(answer.body, filling) };
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return answers;
  }

  /** A request as it stands, on behalf of a reader. */
  async sent(reader: Person, path: string, request: RequestInit = {}): Promise<Answer> {
    const token = await this.platform.tokenOf(reader)();
    return send(new URL(path, this.platform.graphql).href, {
      ...request,
      headers: { ...(request.headers as Record<string, string>), authorization: `Bearer ${token}` },
    });
  }

  /** What a recipe works with, for a throw of dice. */
  scene(reader: Reader, isHidden: boolean, dice: readonly Die[]): Scene {
    const { world } = this;
    let thrown = 0;
    const pick = <T>(from: readonly T[]): T | null =>
      from.length === 0 ? null : from[dice[thrown++ % dice.length]! % from.length]!;
    const isTheirs = (one: string): boolean =>
      reader.audiences.includes(one) || world.groupsOf(reader.country).includes(one);
    const marking: Scene['marking'] = (owner, also = []) => {
      if (!isHidden) {
        const one = pick([...reader.audiences])!;
        const audience = [...new Set([...also, one])];
        return { input: { releaseTo: audience }, audience, closedTo: () => false };
      }
      const way = pick<() => Asked | null>([...this.#otherWays(reader), () => null, () => null])!();
      if (way) return way;
      const others = ['US', 'FR', 'NO', 'BR', 'JP', 'KR', 'CL', 'MEMBERS', 'SECRETARIAT', ...world.groupsOf(owner)];
      const candidates = others.filter((one) => !isTheirs(one) && one !== reader.party);
      const chosen = pick([0, 1, 2])! === 0 ? [] : [pick(candidates), pick(candidates)].filter((one) => one !== null);
      const audience = [...new Set([...also, ...chosen])];
      return { input: { releaseTo: audience }, audience, closedTo: () => false };
    };
    return { world, reader, isHidden, pick, marking };
  }

  /** The ways of hiding what is released to everybody that the running schema offers. */
  #otherWays(reader: Reader): readonly (() => Asked)[] {
    const fields = this.markingFields;
    return Object.entries(WAYS_OF_HIDING).flatMap(([field, way]) => {
      const hidden = fields.includes(field) ? way(reader) : null;
      return hidden
        ? [
            () => ({
              input: { releaseTo: ['PUBLIC'], ...hidden.input },
              audience: ['PUBLIC'],
              closedTo: hidden.closedTo,
            }),
          ]
        : [];
    });
  }

  get markingFields(): readonly string[] {
    const type = this.schema.getType('MarkingInput');
    return isInputObjectType(type) ? Object.keys(type.getFields()) : [];
  }

  /** Gives one command by its recipe; null where the dice find nothing to give it to. */
  async give(mutation: string, scene: Scene): Promise<string | null> {
    const step = RECIPES[mutation]!(scene);
    if (step === null) return null;
    const outcome = await this.command(step.by, mutation, step.input);
    const tally = 'code' in outcome ? this.refused : this.accepted;
    if (scene.isHidden) tally.set(mutation, (tally.get(mutation) ?? 0) + 1);
    if ('recordId' in outcome) step.then?.(outcome.recordId);
    return `${mutation} ${JSON.stringify(step.input)} by ${step.by.country ?? 'SECRETARIAT'}: ${JSON.stringify(outcome)}`;
  }

  /** Mutations and fields of a marking for which these tests do not know what to do. */
  get unforeseen(): readonly string[] {
    return [
      ...mutations(this.schema)
        .map(({ name }) => name)
        .filter((name) => !(name in RECIPES) && !(name in EXEMPT))
        .map((name) => `the mutation ${name} has neither a recipe nor an exemption`),
      ...[...Object.keys(RECIPES), ...Object.keys(EXEMPT)]
        .filter((name) => !(name in (this.schema.getMutationType()?.getFields() ?? {})))
        .map((name) => `the recipe ${name} is for no mutation of the schema`),
      ...this.markingFields
        .filter((name) => !(name in WAYS_OF_HIDING) && !(name in HIDES_NOTHING))
        .map((name) => `nobody has said whether the field ${name} of a marking hides anything`),
    ];
  }

  async stop(): Promise<void> {
    await this.platform.stop();
  }
}

const patient =
  (ask: Asker): Asker =>
  async (query, variables) => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask(query, variables);
      if (!isOutage(answer) || Date.now() > deadline) return answer;
      await pause(100);
    }
  };

/** The names of the lists that can be asked for as they are, each a query field whose type has edges. */
export const listsOf = (schema: GraphQLSchema): readonly string[] =>
  rootFields(schema)
    .filter(({ operation, field }) => operation === 'query' && getNamedType(field.type).name.endsWith('Connection'))
    .filter(({ field }) => !field.args.some(({ type }) => isNonNullType(type)))
    .map(({ field }) => field.name);
