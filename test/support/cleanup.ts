const pending: (() => unknown)[] = [];

/** Has something undone after the spec file that runs, also where its set-up failed. Last come, first undone. */
export const undoAfterwards = (undo: () => unknown): void => void pending.push(undo);

/** Undoes everything, whatever fails on the way. @throws AggregateError of what failed */
export const undoEverything = async (): Promise<void> => {
  const failures: unknown[] = [];
  for (let undo = pending.pop(); undo; undo = pending.pop()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything that a test started could be stopped');
};

// Where environment.mjs finds it, which runs outside the modules of a spec.
Object.assign(globalThis, { undoEverything });
