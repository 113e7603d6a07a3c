import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isEnumType,
} from 'graphql';
import { schemaText } from './schema.js';

const text = await schemaText();

describe('The GraphQL schema', () => {
  it('is the one in docs/schema.graphql; run `npm run schema` when it is not', () => {
    expect(readFileSync('docs/schema.graphql', 'utf8')).toBe(text);
  });

  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(buildSchema(text).getTypeMap()).filter((type) => !isIntrospectionType(type));
    const standard = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation', 'Subscription'];
    const bare: string[] = [];
    for (const type of types) {
      if (!type.description && !standard.includes(type.name)) bare.push(type.name);
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (!field.description) bare.push(`${type.name}.${field.name}`);
          for (const argument of 'args' in field ? field.args : []) {
            if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name})`);
          }
        }
      }
      if (isEnumType(type))
        bare.push(
          ...type
            .getValues()
            .filter((value) => !value.description)
            .map((value) => `${type.name}.${value.name}`),
        );
    }
    expect(bare).toEqual([]);
  });
});
