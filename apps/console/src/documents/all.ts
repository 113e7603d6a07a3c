import { textOf } from '../platform/text.ts';
import * as commands from './commands.documents.ts';
import * as desk from './desk.documents.ts';
import * as projects from './projects.documents.ts';
import { SUBSCRIPTIONS } from './subscriptions.documents.ts';
import * as supply from './supply.documents.ts';
import * as trust from './trust.documents.ts';

type Document = { readonly definitions: readonly { readonly kind: string }[] };
const asks = ({ definitions }: Document): boolean => definitions.some(({ kind }) => kind === 'OperationDefinition');

/** The text of everything that the console asks: the build writes it down for installations that answer nothing else. */
export const DOCUMENTS: readonly string[] = [
  ...[commands, desk, projects, supply, trust]
    .flatMap((each) => Object.values(each) as unknown as Document[])
    .filter(asks)
    .map(textOf),
  ...Object.values(SUBSCRIPTIONS),
];
