import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Claims } from './claims.js';
import { FreshPlatform } from './fresh-platform.js';
import { Listeners } from './live.js';
import { People } from './people.js';
import { report } from './report.js';
import { checkSights, sights } from './sight.js';
import { Stage } from './stage.js';
import { play } from './story.js';
import { worldSupply } from './supply.js';

const USAGE = `Usage: npm run demo            plays the story on a platform of its own, which it removes again
       npm run demo -- --keep   leaves its data folder behind, to look around in it`;
/** Beside the repository, where the project keeps the files that are not its own. */
const WORLD_TABLE =
  process.env['LODESTONE_USGS_FILE'] ||
  fileURLToPath(new URL('../../../../../shared/data/usgs_mcs2026_world.csv', import.meta.url));
/** EU Strategic Projects that the reference import proposes, for everybody to see. */
const PUBLIC_PROJECTS = 60;

const asksForHelp = process.argv.includes('--help');
if (asksForHelp) console.log(USAGE);
const keeps = asksForHelp ? null : readArguments();
if (keeps !== null) await run(keeps);

async function run(keepsFolder: boolean): Promise<void> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const onStep = (step: string): void => console.error(`${seconds().toFixed(1).padStart(5)} s  ${step}`);
  const platform = new FreshPlatform(onStep);
  let people: People | null = null;
  let isInterrupted = false;

  const cleanUp = async (): Promise<void> => {
    await people?.leave();
    await platform.stop(keepsFolder);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      isInterrupted = true;
      onStep('interrupted, cleaning up');
      void cleanUp().finally(() => process.exit(130));
    });
  }

  try {
    onStep(`a platform of its own, in ${platform.folder}`);
    await platform.start();
    people = await People.of(platform.folder);
    onStep('importing the reference tables');
    const imported = [await platform.import('reference')];
    const hasWorldTable = existsSync(WORLD_TABLE);
    onStep(hasWorldTable ? 'importing world production' : `skipping world production: there is no ${WORLD_TABLE}`);
    if (hasWorldTable) imported.push(await platform.import('usgs-mcs', WORLD_TABLE));

    const claims = new Claims();
    const stage = new Stage(people, claims, (title) => onStep(`playing: ${title}`));
    const listeners = await Listeners.of(people);
    const story = await play(stage, claims);
    onStep('looking at it with the eyes of each');
    const seen = await sights(people, story, stage.position!);
    checkSights(seen, story, PUBLIC_PROJECTS, claims);
    const heard = await listeners.heard(story, claims);
    const supply = hasWorldTable ? await worldSupply(people, claims) : null;

    console.log(`\n${report({ imported, stage, story, seen, heard, supply, claims, seconds: seconds() })}\n`);
    process.exitCode = claims.wrong.length === 0 ? 0 : 1;
  } catch (error) {
    if (!isInterrupted) console.error(`\nThe demo could not be played to its end: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    if (!isInterrupted) onStep('cleaning up');
    await cleanUp();
    onStep(
      keepsFolder ? `done; LODESTONE_DATA=${platform.folder} npm start opens it again` : 'done; nothing is left behind',
    );
  }
}

/** Whether the data folder is kept; null where the command line means nothing. */
function readArguments(): boolean | null {
  try {
    return parseArgs({ options: { keep: { type: 'boolean' } } }).values.keep ?? false;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}
