import { SingleBar } from 'cli-progress';

/** How far one source has come: a bar on a terminal, otherwise a line every tenth of the way. */
export class Progress {
  readonly #bar: SingleBar | null;
  #done = 0;
  #isWaiting = false;

  constructor(
    private readonly name: string,
    private readonly total: number,
    private readonly stream: NodeJS.WriteStream,
  ) {
    this.#bar = stream.isTTY
      ? new SingleBar({
          format: `${name.padEnd(34)} {bar} {percentage} %  {value} of {total}`,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          barsize: 30,
          hideCursor: true,
          stream,
        })
      : null;
    this.#bar?.start(total, 0);
  }

  advance(): void {
    const before = tenths(this.#done, this.total);
    this.#done++;
    this.#isWaiting = false;
    this.#bar?.update(this.#done);
    if (!this.#bar && tenths(this.#done, this.total) > before) {
      this.stream.write(
        `${this.name}: ${tenths(this.#done, this.total) * 10} %, ${this.#done} of ${this.total} rows\n`,
      );
    }
  }

  /** Says why nothing moves; once, however many commands wait. */
  waits(reason: string): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.stream.write(`${this.#bar ? '\n' : ''}Waiting: ${reason}\n`);
  }

  end(): void {
    this.#bar?.stop();
  }
}

const tenths = (done: number, total: number): number => Math.floor((done * 10) / total);
