import { getOperationAST, OperationTypeNode, type DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** An operation that was carried out, however it ended. Nothing of what it asked for, or of who asked. */
export type Observed = { readonly kind: 'query' | 'command'; readonly seconds: number };

type Arguments = { readonly document: DocumentNode; readonly operationName?: string | null | undefined };

/** Tells of each query and command how long it took. A subscription lasts as long as its reader likes. */
export const observing = (observed: (operation: Observed) => void): Plugin => ({
  onExecute: ({ args }) => {
    const { document, operationName } = args as Arguments;
    const operation = getOperationAST(document, operationName)?.operation;
    if (operation === undefined || operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    const kind = operation === OperationTypeNode.MUTATION ? 'command' : 'query';
    const started = performance.now();
    return { onExecuteDone: () => observed({ kind, seconds: (performance.now() - started) / 1_000 }) };
  },
});
