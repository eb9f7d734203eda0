/**
 * One process for many runs of the bundle, one after the other (`WarmAction` of run-action.ts): the code of the chunks is read and compiled once,
 * which is most of what a run costs. A run has its own environment, folder, output, exit code and virtual time, and each evaluates the modules
 * of the bundle again, because the webpack runtime of an entry that is imported once more has no modules yet.
 */
import { pathToFileURL } from 'node:url';
import type { WarmRun } from './run-action.ts';
import { begin, idle } from './virtual-time.ts';

let runs = 0;

process.on('message', (run: WarmRun) => void start(run));
process.on('disconnect', () => process.exit());

async function start({ file, env, cwd, end }: WarmRun): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  await begin(env.VIRTUAL_TIME ?? '');
  const own = listeners();
  await import(`${pathToFileURL(file).href}?run=${runs++}`);
  await idle();
  for (const [name, listener] of listeners())
    if (!own.some(([, one]) => one === listener)) process.removeListener(name, listener);
  const exitCode = process.exitCode ?? 0;
  process.exitCode = undefined;
  // The folder of the run will be removed.
  process.chdir('/');
  // Behind all that the run has printed.
  for (const stream of [process.stdout, process.stderr]) stream.write(`${end}${exitCode}\n`);
}

type Listener = (...args: unknown[]) => void;
const listeners = (): (readonly [string, Listener])[] =>
  process
    .eventNames()
    .flatMap((name) => process.listeners(name as 'exit').map((one) => [name as string, one as Listener] as const));
