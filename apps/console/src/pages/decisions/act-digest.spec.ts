import { canonicalize } from '@foundation/transparency';
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { canonical, digestOf } from './act-digest.ts';

const INPUT = '{"reason":"Schlüssel verloren","on":false,"list":[1.50,{"b":null,"a":"€"}],"\\ud83d\\ude00":1,"ﬁ":2}';

describe('The digest of an act', () => {
  it('is over the same text as the platform’s', async () => {
    const act = { command: 'DemandSignatures', input: JSON.parse(INPUT) as never };
    expect(canonical(act)).toBe(canonicalize(act));
    expect(await digestOf(act.command, INPUT)).toBe(createHash('sha256').update(canonicalize(act)).digest('base64url'));
  });

  it('is another one where a word of the input is another', async () =>
    expect(await digestOf('DemandSignatures', '{"on":true}')).not.toBe(
      await digestOf('DemandSignatures', '{"on":false}'),
    ));
});
