import { print } from '@0no-co/graphql.web';

const texts = new WeakMap<object, string>();

/** The text of a document, as it is sent, and known by its hash to an installation that answers no other documents. */
export const textOf = (document: object): string => {
  const text = texts.get(document) ?? print(document as never);
  texts.set(document, text);
  return text;
};
