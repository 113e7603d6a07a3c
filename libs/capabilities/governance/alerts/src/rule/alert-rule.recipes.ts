import { delegateOf, type Recipes, type Scene, type Step } from '../../../../../../test/access/worlds/recipe.js';

/** Hidden sides make rules, set themselves up and answer, each for itself alone: nobody else hears of it. */
const hidden =
  (input: Record<string, unknown>) =>
  ({ world, pick, isHidden }: Scene): Step | null =>
    isHidden ? { by: delegateOf(pick(world.actors)!), input } : null;

export const recipes: Recipes = {
  saveAlertRule: hidden({ rule: { name: 'Hidden', scope: 'PERSON' }, isOff: true }),
  setAlertSettings: hidden({ zone: 'UTC' }),
  answerAlerts: hidden({ alerts: ['00000000-0000-4000-8000-000000000000'], answer: 'SEEN' }),
};
