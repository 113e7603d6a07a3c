import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import type { Answer } from '../acceptance/support/answers.js';
import { cpuSeconds } from '../support/cpu.js';
import { PATIENCE_MS } from '../support/patience.js';
import { until } from '../support/waiting.js';
import { cursorIn, Listening } from './worlds/listening.js';
import { delegateOf, READERS, type Reader } from './worlds/people.js';
import {
  commandQuestions,
  operationOf,
  readQuestions,
  subscriptions,
  TOGETHER,
  together,
  type Part,
  type Question,
} from './worlds/questions.js';
import { RECIPES, UNHEARD } from './worlds/recipes.js';
import { listsOf, Stage, type Die } from './worlds/stage.js';
import { absent, KINDS, vocabularyOf, type Filling } from './worlds/vocabulary.js';

/** Pairs of worlds: `npm run test:access` asks for 500. */
const PAIRS = Number(process.env['LODESTONE_PAIRS'] ?? 4);
/** How the dice fall: name the seed of a failure to see it again. */
const SEED = Number(process.env['LODESTONE_SEED'] ?? 4);
/** Pairs for one reader before it is another's turn: to begin and to end a turn costs as much as thirty pairs. */
const PAIRS_OF_A_READER = PAIRS < 100 ? 2 : 25;
/** How much of all that can be asked is asked about each pair; all of it about the last pair of a reader's turn. */
const SHARE = 0.1;

/**
 * Questions that a turn asks at most: `npm test` takes no longer because the schema has grown. Which of all they are, and
 * whose turns come, changes from turn to turn and from commit to commit, so that within a few of either every reader is
 * asked every question.
 */
const ASKED_BY_A_TURN = Number(process.env['LODESTONE_QUESTIONS'] ?? (PAIRS < 100 ? 300 : 1_000));
const ROTATION = Number.parseInt(spawnSync('git', ['rev-parse', '--short=8', 'HEAD']).stdout?.toString() || '0', 16);

jest.setTimeout(10 * PATIENCE_MS + PAIRS * 10_000);

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage?.stop());

/** A hidden command, and everything about it that is left to chance. */
type Throw = { readonly mutation: string; readonly dice: readonly Die[]; readonly times: number };

const dice = fc.array(fc.nat(), { minLength: 6, maxLength: 6 });
const mutation = fc.constantFrom(...Object.keys(RECIPES));
/** Now and then one command many times over: that much happens is to be hidden as well. */
const times = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(15) });
const batch = fc.record({
  hidden: fc.array(fc.record({ mutation, dice, times }), { minLength: 1, maxLength: 6 }),
  asked: fc.nat(),
  dice,
});

/** A reader's turn: what it is asked, what it answered, and what it hears meanwhile. */
class Turn {
  /** Commands that are accepted, anew each time: they change what the reader sees, so they have their own time. */
  #accepted: readonly Question[] = [];
  readonly #answers = new Map<Question, Answer>();
  #listening: Listening | null = null;
  #hadBefore: Answer[] = [];
  pairs = 0;

  constructor(
    private readonly reader: Reader,
    /** Of the turns, counted from nought. */
    private readonly nth: number,
    private readonly dice: readonly Die[],
  ) {}

  /** Makes something visible, then asks everything. */
  async begin(): Promise<void> {
    const { reader } = this;
    await this.#showSomething(0);
    await stage.shown();
    const vocabulary = vocabularyOf(reader, {
      ids: await this.#visibleIds(),
      materials: ['gallium'],
      cursors: await this.#cursors(),
      positions: [stage.position],
    });
    const { repeated, fresh: all } = commandQuestions(stage.schema, vocabulary);
    const fresh = this.#own(all);
    // The first time a command is accepted it changes what there is; from then on the same command is only repeated.
    const refused = await this.#setApart(repeated, fresh);
    // Until no more are accepted: one may have had to wait for what another has changed.
    const own = () => stage.answers(reader, this.#accepted, absent(stage.position), 1);
    for (let before = -1, accepted = 0; accepted > before;) {
      before = accepted;
      await own();
      const answers = await stage.answers(reader, repeated, absent(stage.position), 1);
      accepted = answers.flatMap(({ body }) => body.match(/"CommandAccepted"/g) ?? []).length;
    }
    // Once to come to rest, and then what they answer from there.
    await own();
    this.#hadBefore = await own();
    await this.#marked();
    await this.#toldOfAll();
    // What is still on its way to this reader comes while the questions are asked.
    this.#listening = await Listening.to(stage.platform, reader, subscriptions(stage.schema));
    await this.#note(
      [
        ...this.#own(readQuestions(stage.schema, vocabulary, reader.showsStructure ?? [])),
        ...repeated,
        ...together(refused),
      ],
      absent(stage.position),
    );
    if (process.env['LODESTONE_PAIRS'])
      console.log(`${reader.name}: ${this.#answers.size} operations, ${this.#accepted.length} commands of its own`);
    const broken = [...this.#answers].filter(([, { status }]) => status >= 500);
    if (broken.length > 0) throw new Error(`questions that cannot be answered: ${JSON.stringify(broken.slice(0, 2))}`);
    this.#listening.forget();
  }

  /** The part of all questions that it is this turn's to ask. */
  #own<T>(all: readonly T[]): readonly T[] {
    const parts = Math.ceil(all.length / ASKED_BY_A_TURN);
    // Readers take turns as well, by the remainder: with it in the sum each would be asked the same part for ever.
    const part = (Math.floor(ROTATION / READERS.length) + this.nth + Math.floor(this.nth / READERS.length)) % parts;
    return all.filter((_, at) => at % parts === part);
  }

  /** Tells the commands that are accepted, at once or after others, from those that never are. */
  async #setApart(repeated: readonly Question[], fresh: readonly Part[]): Promise<readonly Part[]> {
    const isAccepted = ({ body }: Answer): boolean => body.includes('"CommandAccepted"');
    for (let refused = fresh; ;) {
      // One after the other: whether a command is accepted may hang on those before it.
      await stage.answers(this.reader, repeated, absent(stage.position), 1);
      await stage.answers(this.reader, this.#accepted, absent(stage.position), 1);
      const several = await stage.answers(this.reader, together(refused), absent(stage.position));
      // Those of an operation in which nothing was accepted need not be asked one by one.
      const doubtful = refused.filter((_, at) => isAccepted(several[Math.floor(at / TOGETHER)]!));
      const outcomes = await stage.answers(
        this.reader,
        doubtful.map((each) => operationOf([each])),
        absent(stage.position),
      );
      if (doubtful.length === 0) return refused;
      const alone = doubtful.filter((_, at) => isAccepted(outcomes[at]!));
      // What is accepted after others only counts as accepted too.
      const accepted = alone.length > 0 ? alone : doubtful;
      this.#accepted = [...this.#accepted, ...accepted.map((each) => operationOf([each]))];
      refused = refused.filter((each) => !accepted.includes(each));
    }
  }

  async #note(questions: readonly Question[], filling: Filling): Promise<void> {
    const answers = await stage.answers(this.reader, questions, filling);
    for (const [at, question] of questions.entries()) this.#answers.set(question, answers[at]!);
  }

  /** Hides something, then asks again. */
  async pair(thrown: { readonly hidden: readonly Throw[]; readonly asked: number }): Promise<void> {
    const from = stage.world.records.length;
    const given: (string | null)[] = [];
    // The first of a turn goes through all that can be hidden, so that none depends on chance alone.
    const all =
      this.pairs++ === 0 ? Object.keys(RECIPES).map((each) => ({ mutation: each, dice: this.dice, times: 1 })) : [];
    for (const { mutation: one, dice: fallen, times: often } of [...all, ...thrown.hidden]) {
      for (let time = 0; time < often; time++)
        given.push(
          await stage.give(
            one,
            stage.scene(
              this.reader,
              true,
              fallen.map((each) => each + time),
            ),
          ),
        );
    }
    await stage.shown();
    const isLast = this.pairs === PAIRS_OF_A_READER;
    const questions = [...this.#answers.keys()].filter(
      (_, at) => isLast || ((at * 2654435761 + thrown.asked) >>> 8) % 100 < SHARE * 100,
    );
    await this.#compare(questions, await stage.answers(this.reader, questions, this.#hidden(from)), given);
    expect(this.#listening!.messages).toEqual([]);
  }

  async #compare(
    questions: readonly Question[],
    answers: readonly Answer[],
    given: readonly (string | null)[],
  ): Promise<void> {
    for (const [at, question] of questions.entries()) {
      const [before, after] = [this.#answers.get(question)!, answers[at]!].map(
        ({ status, body, headers }) => `${status} ${body} ${JSON.stringify(headers)}`,
      ) as [string, string];
      if (before === after) continue;
      const from = Math.max(0, [...before].findIndex((letter, where) => letter !== after[where]) - 200);
      throw new Error(
        [
          `${this.reader.name} was answered differently after something hidden had happened.`,
          `Asked: ${question.name}`,
          `Document: ${question.document}`,
          `Variables: ${JSON.stringify(question.variables)}`,
          `Before: … ${before.slice(from, from + 600)}`,
          `After:  … ${after.slice(from, from + 600)}`,
          `Hidden meanwhile:\n  ${given.filter(Boolean).join('\n  ')}`,
        ].join('\n'),
      );
    }
  }

  /** Names of what is hidden from the reader, of what was hidden last where there is any. */
  #hidden(from: number): Filling {
    const hidden = stage.world.hiddenFrom(this.reader);
    const fresh = stage.world.records.slice(from).filter((each) => hidden.includes(each));
    const nowhere = absent(stage.position);
    const found = KINDS.map((kind) => {
      const record = fresh.findLast((each) => each.kind === kind) ?? hidden.findLast((each) => each.kind === kind);
      return [kind, record?.id ?? nowhere[kind]];
    });
    return Object.fromEntries(found) as Filling;
  }

  /** What was accepted before is accepted now, and the next visible change is the first thing heard. */
  async end(): Promise<void> {
    const { reader } = this;
    const filling = this.#hidden(stage.world.records.length);
    const now = await stage.answers(reader, this.#accepted, filling, 1);
    // Its own commands on one record are counted; whether hidden ones are is an attack case of its own.
    const told = (at: number, { status, body }: Answer) => [
      this.#accepted[at]!.name,
      status,
      body.replace(/"revision":[1-9]\d*/g, '"revision":…'),
    ];
    expect(now.map((answer, at) => told(at, answer))).toEqual(this.#hadBefore.map((answer, at) => told(at, answer)));
    await this.#showSomething(1);
    await stage.shown();
    const listening = this.#listening!;
    await this.#hears(listening);
    listening.stop();
    const after = new Map(
      [...listening.heard].flatMap(([field, messages]) => {
        const cursor = cursorIn(messages.slice(0, 1));
        return cursor ? [[field, cursor] as const] : [];
      }),
    );
    await stage.give('declareStock', stage.scene(reader, true, this.dice));
    await this.#showSomething(2);
    const resumed = await Listening.to(stage.platform, reader, subscriptions(stage.schema), after);
    await this.#hears(resumed);
    resumed.stop();
  }

  /** Each subscription has delivered something, and nothing that the reader may not see. */
  async #hears(listening: Listening): Promise<void> {
    const fields = subscriptions(stage.schema).flatMap(({ field }) => (field in UNHEARD ? [] : [field]));
    for (const field of fields)
      await until(
        `${this.reader.name} hears of a visible change by ${field}`,
        () => listening.heard.get(field)!.length > 0,
      );
    // Codes are left out: a country's is no secret, and hidden ones of materials the reader has used as a guess.
    const isCode = (kind: string): boolean => kind === 'material' || kind === 'member';
    const secrets = stage.world.hiddenFrom(this.reader).flatMap(({ kind, id }) => (isCode(kind) ? [] : [id]));
    for (const message of listening.messages)
      expect(secrets.filter((each) => message.includes(each)).map((each) => [each, message])).toEqual([]);
  }

  /** Everything that can happen, once, released to the reader. */
  async #showSomething(nth: number): Promise<void> {
    for (const each of Object.keys(RECIPES))
      await stage.give(
        each,
        stage.scene(
          this.reader,
          false,
          this.dice.map((die) => die + nth),
        ),
      );
  }

  /** The platform's own facts follow those of people, and the notifier follows both: alerts of what is visible have come. */
  async #toldOfAll(): Promise<void> {
    let [last, times] = ['', 0];
    await until('no more alerts come', async () => {
      const { body } = await stage.ask(this.reader)('{ alerts(first: 5) { totalCount nodes { id } } }');
      times = body === last ? times + 1 : 0;
      last = body;
      return times > 30;
    });
  }

  async #marked(): Promise<void> {
    const marker = await stage.done({ country: 'US', roles: ['LIAISON'] }, 'proposeProject', {
      title: 'Marker',
      materials: ['gallium'],
      stages: ['MINING'],
      hostCountry: 'US',
    });
    stage.world.add({ kind: 'project', id: marker, owner: 'US', hostCountry: 'US' });
    await stage.shown();
  }

  async #visibleIds(): Promise<readonly string[]> {
    const visible = stage.world.records.filter(
      (each) =>
        ['project', 'pledge', 'stockDeclaration'].includes(each.kind) && stage.world.isVisible(each, this.reader),
    );
    return [visible.findLast(({ kind }) => kind === 'project')?.id ?? stage.position];
  }

  /** A place in each list, by its first page. */
  async #cursors(): Promise<readonly string[]> {
    const pages = await Promise.all(
      listsOf(stage.schema).map((list) => stage.ask(this.reader)(`{ ${list}(first: 1) { pageInfo { endCursor } } }`)),
    );
    return pages.flatMap(({ body }) => /"endCursor":"([^"]+)"/.exec(body)?.[1] ?? []);
  }

  stop(): void {
    this.#listening?.stop();
  }

  get asked(): number {
    return this.#answers.size;
  }
}

/** Some country that ruled a group left the alliance unseen, and the group has gone to whom these worlds say. */
const expectGroupsPassedOn = async (): Promise<void> => {
  for (const each of ['admitMember', 'foundGroup', 'withdrawMember'])
    await stage.give(each, stage.scene(READERS[0]!, true, [1, 2, 3, 5, 7, 11]));
  const passed = stage.world.records.filter(({ facts }) => facts.has('passed on'));
  expect(passed).not.toEqual([]);
  for (const { id, owner } of passed)
    await until(`the group is ruled by ${owner}`, async () => {
      const document = `{ groups(first: 200, filter: { owner: ["${owner}"] }) { nodes { id } } }`;
      return (await stage.ask(delegateOf(owner))(document)).body.includes(id);
    });
};

describe('Two worlds that differ only in what a reader may not see', () => {
  it('are known to these tests in every command and every field of a marking that the schema offers', () => {
    expect(stage.unforeseen).toEqual([]);
  });

  it(`answer alike, byte for byte, to all that the schema offers: ${PAIRS} pairs, seed ${SEED}`, async () => {
    let turn: Turn | null = null;
    let turns = 0;
    const [started, cpu] = [Date.now(), cpuSeconds()];
    try {
      await fc.assert(
        fc.asyncProperty(batch, async (thrown) => {
          if (turn === null || turn.pairs === PAIRS_OF_A_READER) {
            await turn?.end();
            turn = new Turn(READERS[(ROTATION + turns) % READERS.length]!, turns++, thrown.dice);
            await turn.begin();
          }
          await turn.pair(thrown);
        }),
        { numRuns: PAIRS, seed: SEED, endOnFailure: true },
      );
      await (turn as Turn | null)?.end();
    } finally {
      (turn as Turn | null)?.stop();
    }
    const minutes = (Date.now() - started) / 60_000;
    if (process.env['LODESTONE_PAIRS'])
      console.log(
        `${PAIRS} pairs, ${(PAIRS / minutes).toFixed(0)} a minute, ${((cpuSeconds() - cpu) / PAIRS).toFixed(1)} s of CPU each; hidden: ${JSON.stringify(Object.fromEntries(stage.accepted))}`,
      );
    // A recipe that is always refused hides nothing. One that had bad luck so far is tried some more, with all that goes
    // before it: the others may have closed what there was.
    const untried = (): readonly string[] => Object.keys(RECIPES).filter((each) => !stage.accepted.has(each));
    for (let die = 0; die < 10 && untried().length > 0; die++)
      for (const each of Object.keys(RECIPES))
        await stage.give(each, stage.scene(READERS[0]!, true, [die, die + 1, die + 2, die * 3, die * 5, die * 7]));
    expect(untried()).toEqual([]);
    await expectGroupsPassedOn();
  });
});
