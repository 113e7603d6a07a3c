import type { CommandAccepted, CommandRejected } from '@adapters/lodestone-client';
import type { Claims } from './claims.js';
import type { People } from './people.js';

/** One command of the story and its answer. */
export type Scene = { readonly who: string; readonly what: string; readonly refusal: CommandRejected | null };

/** Where the story is played: every command goes to the API, and its answer is kept for the report. */
export class Stage {
  readonly chapters: { readonly title: string; readonly scenes: Scene[] }[] = [];
  /** Of the last accepted command: a query at least that far shows the whole story so far. */
  position: string | null = null;

  constructor(
    private readonly people: People,
    private readonly claims: Claims,
    private readonly onChapter: (title: string) => void,
  ) {}

  chapter(title: string): void {
    this.chapters.push({ title, scenes: [] });
    this.onChapter(title);
  }

  /** A command that must be accepted: without it the story cannot go on. */
  async does(who: string, what: string, mutation: string, input: object): Promise<CommandAccepted> {
    const outcome = await this.people.as(who).command(mutation, input);
    if (!outcome.accepted)
      throw new Error(
        `${who} ${what}: refused with ${outcome.code}: ${outcome.message} ${JSON.stringify(outcome.details)}`,
      );
    this.position = outcome.position;
    this.#play({ who, what, refusal: null });
    return outcome;
  }

  /** A command that must be refused with this code. */
  async mayNot(
    who: string,
    what: string,
    code: string,
    mutation: string,
    input: object,
  ): Promise<CommandRejected | null> {
    const outcome = await this.people.as(who).command(mutation, input);
    const refusal = outcome.accepted ? null : outcome;
    this.claims.hold(`${who} ${what}: refused with ${code}`, refusal?.code ?? 'accepted', code);
    this.#play({ who, what, refusal });
    return refusal;
  }

  #play(scene: Scene): void {
    this.chapters.at(-1)!.scenes.push(scene);
  }
}
