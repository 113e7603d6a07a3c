import {
  commandIdOfReaction,
  isContentWithheld,
  partyOf,
  type AnyReaction,
  type Capability,
  type Cause,
  type OfItself,
  type Party,
  type PersonRef,
} from '@kernel';
import { OwnerKeyUnfit } from './data-keys.js';
import type { Next } from './errand.js';
import type { StoredEvent, Unreadable } from './event-store.js';
import type { Watch } from './follower.js';
import { recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { isMistake, isToBeAskedAgain, mistake, type Issue } from './of-itself.js';
import type { Outcome } from './outcome.js';
import { isUnreadable } from './unreadable.js';

/** Gives the commands that facts oblige other records to, each once: see Reaction of the kernel. */
export class Reactions implements Watch {
  readonly types: readonly string[];
  readonly #reactions: readonly AnyReaction[];
  readonly #memories = new Map<AnyReaction, unknown>();
  /** What is still to be given, by the commands' ids, in the order of its causes. */
  readonly #pending = new Map<string, OfItself>();

  /** @param alarm hears of a reaction that was refused: a mistake in the platform. It is told nothing of the contents. */
  constructor(
    capabilities: readonly Capability[],
    private readonly issue: Issue,
    private readonly alarm: (sentence: string) => void,
  ) {
    this.#reactions = capabilities.flatMap(({ reactions = [] }) => reactions);
    this.types = [...new Set(this.#reactions.flatMap(({ to, records }) => [...to, ...records]))];
  }

  note(item: StoredEvent | Unreadable): void {
    const { metadata } = isUnreadable(item) && item.unreadable === 'UNOPENED' ? item.stored : (item as StoredEvent);
    if (metadata) this.#pending.delete(metadata.commandId);
    if (isUnreadable(item) || isContentWithheld(item.event)) return;
    const { party, actor, act } = item.metadata;
    const cause: Cause = {
      ...{ ...item, party: party as Party, actor: actor as PersonRef },
      ...(act && { act: act.id }),
    };
    for (const reaction of this.#reactions.filter(({ to }) => to.includes(item.event.type))) {
      const { initial, evolve } = reaction.memory ?? { initial: undefined, evolve: () => undefined };
      const memory: unknown = this.#memories.has(reaction) ? this.#memories.get(reaction) : initial;
      for (const [index, command] of reaction.then(cause, memory).entries())
        this.#pending.set(commandIdOfReaction(item.id, reaction, index), command);
      this.#memories.set(reaction, evolve(memory, cause));
    }
  }

  async act(): Promise<Next> {
    /** Records whose next command has to wait: what follows it waits too. */
    const waiting = new Set<string>();
    let problem: unknown = null;
    for (const [commandId, ofItself] of [...this.#pending]) {
      const target = nameOfTarget(ofItself, commandId);
      if (waiting.has(target)) continue;
      try {
        const outcome = await this.issue({ ...ofItself, commandId, correlationId: commandId });
        if (isToBeAskedAgain(outcome)) waiting.add(target);
        else this.#settled(commandId, ofItself, outcome);
      } catch (error) {
        waiting.add(target);
        problem = error;
        // One owner's key is not at hand here: another's may be. Any other outage is one for all.
        if (!(error instanceof OwnerKeyUnfit)) break;
      }
    }
    if (problem !== null) throw problem;
    return waiting.size > 0 ? 'SOON' : null;
  }

  #settled(commandId: string, given: OfItself, outcome: Outcome): void {
    this.#pending.delete(commandId);
    if (isMistake(outcome, given)) this.alarm(mistake(commandId, given, outcome));
  }
}

/** The record that a command of the platform's own is given to. */
const nameOfTarget = ({ recordType, command, who }: OfItself, commandId: string): string => {
  const party = partyOf(who)!;
  const target = recordType.targetOf(command, party, who.person);
  const { category } = recordType;
  if ('id' in target) return `${category}-${target.id}`;
  return `${category}-${'key' in target ? recordIdOfKey(category, target.key) : recordIdOfCommand(category, party, commandId)}`;
};
