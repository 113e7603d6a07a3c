import { afterAll, beforeAll } from '@jest/globals';
import { aggregates } from './attack-cases/aggregates.js';
import { errorsAndCaches } from './attack-cases/errors-and-caches.js';
import { existenceAndCounts } from './attack-cases/existence.js';
import { subscriptionsAndAlerts } from './attack-cases/subscriptions.js';
import { waysAround } from './attack-cases/ways-around.js';
import { Stage } from './worlds/stage.js';

/** One platform for all of them: starting one takes longer than most of the cases. */
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage?.stop());

existenceAndCounts(() => stage);
aggregates(() => stage);
errorsAndCaches(() => stage);
waysAround(() => stage);
subscriptionsAndAlerts(() => stage);
