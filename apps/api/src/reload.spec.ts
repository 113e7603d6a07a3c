import { describe, expect, it } from '@jest/globals';
import { OpaqueTokens } from '@foundation/graphql';
import { TrustedDocuments } from '@foundation/server';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { reload } from './reload.js';

const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;

const node = () => {
  const folder = temporaryFolder();
  const keys = (...given: readonly Buffer[]) =>
    writeFileSync(join(folder, 'keys'), given.map((each) => `${each.toString('base64')}\n`).join(''));
  const documents = (content: unknown) => writeFileSync(join(folder, 'documents'), JSON.stringify(content));
  const what = { seal: new OpaqueTokens(old), documents: new TrustedDocuments(['{ me { person } }']) };
  const environment = {
    SEAL_KEY_FILE: join(folder, 'keys'),
    LODESTONE_TRUSTED_DOCUMENTS: join(folder, 'documents'),
  };
  return { keys, documents, what, again: () => reload(what, environment) };
};

describe('A node that is told to read its settings again', () => {
  it('takes new sealing keys and documents', () => {
    const { keys, documents, what, again } = node();
    const cursor = what.seal.close('place', ['a']);
    keys(fresh, old);
    documents(['{ me { roles } }']);
    expect(again()).toBe(null);
    expect(what.seal.open('place', cursor)).toEqual(['a']);
    expect(what.seal.close('place', ['a'])).toBe(new OpaqueTokens(fresh).close('place', ['a']));
    expect(what.documents.textOf({ query: '{ me { roles } }' })).toBe('{ me { roles } }');
    expect(() => what.documents.textOf({ query: '{ me { person } }' })).toThrow();
  });

  it('keeps all as it was where one of them is wrong, and says which', () => {
    const { keys, documents, what, again } = node();
    keys(fresh);
    documents('no documents');
    expect(again()).toMatch(/^LODESTONE_TRUSTED_DOCUMENTS /);
    expect(what.seal.close('place', ['a'])).toBe(new OpaqueTokens(old).close('place', ['a']));
  });
});
