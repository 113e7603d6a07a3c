import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { commandOf, inputTypeOf, problemsOf } from '@foundation/transport';
import { delistMaterial, listMaterial, registerMaterial } from './material.stream.js';

const [RegisterMaterialInput, toRegisterMaterial] = [inputTypeOf(registerMaterial), commandOf(registerMaterial)];
const [ListMaterialInput, toListMaterial] = [inputTypeOf(listMaterial), commandOf(listMaterial)];
const [DelistMaterialInput, toDelistMaterial] = [inputTypeOf(delistMaterial), commandOf(delistMaterial)];

const gallium = { code: 'gallium', name: ' Gallium ', group: 'minor metals', hsCodes: ['811292'] };
const listing = { code: 'gallium', list: 'EU_CRITICAL' as const, since: '2024-05-23' };
const delisting = { code: 'gallium', list: 'EU_CRITICAL' as const, on: '2026-01-01', reason: 'Off the list.' };
const fields = async (type: new () => object, input: object) => Object.keys((await problemsOf(type, input)).problems);

describe('The inputs of the register', () => {
  it('become commands in which what is null is absent', () => {
    expect(toRegisterMaterial({ ...gallium, source: null, marking: null } as never)).toStrictEqual({
      type: 'RegisterMaterial',
      ...gallium,
      name: 'Gallium',
    });
    expect(toListMaterial({ ...listing, note: null, source: null } as never)).toStrictEqual({
      type: 'ListMaterial',
      ...listing,
    });
    expect(toDelistMaterial(delisting)).toStrictEqual({ type: 'DelistMaterial', ...delisting });
  });
  it('are accepted as they stand', async () => {
    expect(await fields(RegisterMaterialInput, gallium)).toEqual([]);
    expect(await fields(ListMaterialInput, listing)).toEqual([]);
    expect(await fields(DelistMaterialInput, delisting)).toEqual([]);
  });
  it.each<[new () => object, object, string]>([
    [RegisterMaterialInput, { ...gallium, code: 'Gallium' }, 'code'],
    [RegisterMaterialInput, { ...gallium, name: '' }, 'name'],
    [RegisterMaterialInput, { ...gallium, group: 'x'.repeat(121) }, 'group'],
    [RegisterMaterialInput, { ...gallium, hsCodes: ['8112'] }, 'hsCodes'],
    [RegisterMaterialInput, { ...gallium, source: ' ' }, 'source'],
    [ListMaterialInput, { ...listing, code: '' }, 'code'],
    [ListMaterialInput, { ...listing, since: '2024-13-01' }, 'since'],
    [ListMaterialInput, { ...listing, note: 'x'.repeat(1001) }, 'note'],
    [DelistMaterialInput, { ...delisting, on: 'tomorrow' }, 'on'],
    [DelistMaterialInput, { ...delisting, reason: '' }, 'reason'],
  ])('name the field that cannot be so (%p %#)', async (type, input, field) =>
    expect(await fields(type, input)).toEqual([field]),
  );
});
