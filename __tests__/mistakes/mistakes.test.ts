import { FROM_QUESTIONS, MORE, OF_MODES, RATED } from './cases.ts';
import { make } from './made.ts';

/**
 * Typical mistakes with the bundle: the log names what was tried, the cause and the remedy, and a step that fails deploys nothing. They were rated from 0 (silent) to 3 (symptom, cause and fix in ten seconds); each that was below 3 is here.
 */
test.each(Object.entries({ ...RATED, ...MORE, ...FROM_QUESTIONS, ...OF_MODES }))('%s', async (_, mistake) => {
  const { log, summary, exitCode, deployments, registered } = await make(mistake);
  const shown = `${log}\n${summary}`.replaceAll('%0A', '\n').replaceAll('%25', '%');
  const missing = mistake.shows.filter((words) => !words.test(shown));
  expect(mistake.hides?.exec(shown)?.[0]).toBeUndefined();
  expect([missing, missing.length === 0 ? '' : shown]).toEqual([[], '']);
  expect(exitCode).toBe(mistake.exitCode ?? 1);
  // That of the service's creation.
  if (exitCode !== 0) expect(deployments).toBe(1);
  if (mistake.registers === 'nothing') expect(registered).toBe(0);
});
