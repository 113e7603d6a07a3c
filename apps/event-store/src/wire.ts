// Protocol Buffers by hand, for the messages that make up nearly all of the traffic: the generated classes take some ten
// times as long. Field numbers are below 16, so that a tag is one byte.

export const EMPTY: Buffer = Buffer.alloc(0);

/** Walks the fields of an encoded message. */
export class Fields {
  /** Number of the field {@link next} has come to. */
  number = 0;
  /** What it holds where it is a number; above 2^53 it is rounded. */
  value = 0;
  /** What it holds where it is bytes, a text or a message. */
  content = EMPTY;
  #at = 0;

  constructor(private readonly message: Buffer) {}

  /** Goes to the next field, false at the end. @throws RangeError for bytes that are no message. */
  next(): boolean {
    if (this.#at >= this.message.length) return false;
    const tag = this.#varint();
    this.number = Math.floor(tag / 8);
    this.value = 0;
    this.content = EMPTY;
    const type = tag % 8;
    if (type === 0) this.value = this.#varint();
    else if (type === 2) this.content = this.#skip(this.#varint());
    else if (type === 1 || type === 5) this.#skip(type === 1 ? 8 : 4);
    else throw new RangeError(`A field of type ${type} is unknown.`);
    return true;
  }

  #skip(length: number): Buffer {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.message.length) throw new RangeError('The message ends within a field.');
    return this.message.subarray(from, this.#at);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.message[this.#at++];
      if (byte === undefined) break;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError('The message ends within a number.');
  }
}

// The functions below write at `at` and return where to go on.

/** A field that holds a number. */
export function number(out: Buffer, at: number, field: number, value: number): number {
  out[at] = field << 3;
  return varint(out, at + 1, value);
}

/** A field that holds bytes. */
export function bytes(out: Buffer, at: number, field: number, value: Uint8Array): number {
  at = lengthPrefix(out, at, field, value.length);
  out.set(value, at);
  return at + value.length;
}

/** Tag and length of a field whose bytes follow. */
export function lengthPrefix(out: Buffer, at: number, field: number, length: number): number {
  out[at] = (field << 3) | 2;
  return varint(out, at + 1, length);
}

export function varint(out: Buffer, at: number, value: number): number {
  while (value > 127) {
    out[at++] = (value % 128) | 128;
    value = Math.floor(value / 128);
  }
  out[at++] = value;
  return at;
}

/** Length of a field that holds a number, with its tag. */
export function numberLength(value: number): number {
  return 1 + varintLength(value);
}

/** Length of a field that holds so many bytes, with its tag. */
export function bytesLength(length: number): number {
  return 1 + varintLength(length) + length;
}

export function varintLength(value: number): number {
  let length = 1;
  for (; value > 127; length += 1) value = Math.floor(value / 128);
  return length;
}
