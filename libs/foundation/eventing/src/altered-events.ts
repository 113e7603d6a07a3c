import type { UnreadableContent } from './event-store.js';

const REMEMBERED = 1_000;

/** The events that a process has met and that are not what was recorded. Each is told of once. */
export class AlteredEvents {
  readonly #ids = new Set<string>();

  constructor(private readonly tell: (alarm: string) => void) {}

  readonly note = ({ eventId, message }: UnreadableContent): void => {
    if (this.#ids.has(eventId) || this.#ids.size >= REMEMBERED) return;
    this.#ids.add(eventId);
    this.tell(`ALARM ${message}`);
  };

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }
}
