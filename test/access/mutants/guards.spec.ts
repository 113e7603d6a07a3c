import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { withoutGuard } from './guard.js';
import { guards } from './guards.js';

describe('The table of guards', () => {
  it.each(guards.map((guard) => [guard.name, guard] as const))('finds once in the code: %s', (_, guard) => {
    const content = readFileSync(guard.file, 'utf8');
    expect(withoutGuard(guard, content)).not.toBe(content);
  });

  it('names each guard once', () => expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length));

  it('names specs that exist', () => {
    const named = [...new Set(guards.flatMap(({ specs }) => specs))];
    expect(named.filter((each) => globSync(`${each}*.ts`).length !== 1)).toEqual([]);
  });
});
