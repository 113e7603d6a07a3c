import { TestEnvironment } from 'jest-environment-node';

/** Node, and after each spec file whatever it started is stopped: see cleanup.ts. A failed set-up is no exception. */
export default class extends TestEnvironment {
  async handleTestEvent({ name }) {
    if (name === 'run_finish') await this.global.undoEverything?.();
  }
}
