import { WarmAction } from '../../scripts/run-action.ts';
import { FROM_QUESTIONS, MORE, OF_A_DAY, OF_MODES, OF_TAGS, RATED } from './cases.ts';
import { make } from './made.ts';

const warm = new WarmAction();
afterAll(() => warm.close());
/** One of each kind runs in processes of its own: refused inputs, a wrong file, what AWS refuses, credentials, and a warning. */
const OWN_PROCESS = ['dry-run:true', 'td-json-single-quotes', 'service-wrong', 'trust', 'another-deployment-under-way'];

/**
 * Typical mistakes with the bundle: the log names what was tried, the cause and the remedy, and a step that fails deploys nothing. They were rated from 0 (silent) to 3 (symptom, cause and fix in ten seconds); each that was below 3 is here.
 */
const MISTAKES = { ...RATED, ...MORE, ...FROM_QUESTIONS, ...OF_MODES, ...OF_A_DAY, ...OF_TAGS };
test.each(Object.entries(MISTAKES))('%s', async (name, mistake) => {
  const made = OWN_PROCESS.includes(name) ? make(mistake) : make(mistake, warm);
  const { log, summary, exitCode, deployments, registered } = await made;
  const shown = `${log}\n${summary}`.replaceAll('%0A', '\n').replaceAll('%25', '%');
  const missing = mistake.shows.filter((words) => !words.test(shown));
  expect(mistake.hides?.exec(shown)?.[0]).toBeUndefined();
  expect([missing, missing.length === 0 ? '' : shown]).toEqual([[], '']);
  expect(exitCode).toBe(mistake.exitCode ?? 1);
  // That of the service's creation.
  if (exitCode !== 0) expect(deployments).toBe(1);
  if (mistake.registers === 'nothing') expect(registered).toBe(0);
});

test('those with processes of their own exist', () => {
  expect(Object.keys(MISTAKES)).toEqual(expect.arrayContaining(OWN_PROCESS));
});
