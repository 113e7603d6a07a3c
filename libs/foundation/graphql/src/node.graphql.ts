import type { Type } from '@nestjs/common';
import { Field, ID, InterfaceType } from '@nestjs/graphql';

const ID_FIELD = { description: 'Id of the record among all records: ask node for it.' };

@InterfaceType('Node', {
  description: 'A record with an id that no other record has, of whatever kind.',
  resolveType: ({ __typename: name }: { readonly __typename: string }) => name,
})
export abstract class NodeType {
  @Field(() => ID, ID_FIELD)
  id!: string;
}

const nodes = new WeakSet<Type>();

/** Says that an object type is a Node, and gives it the id that it lacks. */
export const makeNode = (type: Type, hasId: boolean): void => {
  if (nodes.has(type)) return;
  nodes.add(type);
  if (!hasId) Field(() => ID, ID_FIELD)(type.prototype, 'id');
};

/** The interfaces of an object type: asked when the schema is built. */
export const interfacesOf = (type: Type): Type[] => (nodes.has(type) ? [NodeType as Type] : []);
