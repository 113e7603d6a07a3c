import type { Kind } from '../platform/use-ask.ts';

/** One stream for each kind of record; only its cursor is asked for, since what is shown is read through the lists. */
export const SUBSCRIPTIONS: Readonly<Partial<Record<Kind, string>>> = {
  project: 'subscription ($after: Cursor) { projectChanged(after: $after) { cursor } }',
  pledge: 'subscription ($after: Cursor) { pledgeChanged(after: $after) { cursor } }',
  stockDeclaration: 'subscription ($after: Cursor) { stockDeclarationChanged(after: $after) { cursor } }',
  brief: 'subscription ($after: Cursor) { briefChanged(after: $after) { cursor } }',
  useRequest: 'subscription ($after: Cursor) { useRequestChanged(after: $after) { cursor } }',
  accessRequest: 'subscription ($after: Cursor) { accessRequestChanged(after: $after) { cursor } }',
  recall: 'subscription ($after: Cursor) { recallChanged(after: $after) { cursor } }',
  act: 'subscription ($after: Cursor) { actChanged(after: $after) { cursor } }',
};
