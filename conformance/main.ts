/** `npm run conformance`: AWS's documented answers, asked of any endpoint, and the differences of two recordings. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Clients, type Endpoint, Scope } from './account.ts';
import { compare } from './compare.ts';
import { leftovers } from './leftovers.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows/all.ts';
import { AS_DOCUMENTED, type Recording, runRows } from './run.ts';
import { startSimulator } from './simulator.ts';
import { readStack } from './stack.ts';

const HELP = `Usage: npm run conformance -- [options]
       npm run conformance -- --compare A.json B.json

Asks an endpoint a fixed list of questions with the AWS SDK, holds the answers against AWS's documentation and records them without
names, ids and times, so that the recordings of two endpoints can be compared. Exit code 1: an answer is not as documented, or two
recordings differ.

  --endpoint URL|aws   where to ask; aws is AWS itself with the SDK's own credentials. Without it, a simulator in this process
  --region REGION      default eu-west-1
  --stack FILE         JSON with the outputs of examples/infrastructure/conformance.yml (or CONFORMANCE_CLUSTER, ... in the
                       environment). Rows that need an output that is not there are skipped
  --only PATTERN       only rows whose id has this regular expression, such as ^ecs/register or rollout
  --out FILE           writes the recording
  --prefix NAME        the beginning of all names (default conformance- and six random letters). Everything a row creates is
                       removed when it ends, also after Ctrl-C
  --parallel N         rows at the same time; default 6, 1 for the simulator in this process
  --speed N            the endpoint's seconds in each real one (npm run simulator -- --speed N)
  --clean              runs no rows, and removes everything in the account whose name begins with --prefix: after a run that was killed
  --list               prints the rows and ends
  --compare            prints the differences of two recordings, as the text of an issue
  --help               this text

On AWS all of it takes about half an hour and less than 0.20 USD: Fargate tasks of 0.25 vCPU, one for each rollout.`;

/** USD an hour of a task of 0.25 vCPU and 0.5 GB with a public IPv4 address, in us-east-1: https://aws.amazon.com/fargate/pricing/ */
const TASK_HOUR_USD = 0.25 * 0.04048 + 0.5 * 0.004445 + 0.005;
/** Old and new tasks together. */
const TASKS_OF_A_ROLLOUT = 2;

const OPTIONS = {
  endpoint: { type: 'string' },
  region: { type: 'string', default: 'eu-west-1' },
  stack: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string' },
  prefix: { type: 'string' },
  parallel: { type: 'string' },
  speed: { type: 'string' },
  clean: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  compare: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const { values, positionals } = read();

/** What the options say; ends the program with the words of what is wrong with them. */
function read() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message.replace(/\.? To specify.*$/s, '') : String(thrown);
    console.error(`${words}. See --help.`);
    process.exit(2);
  }
}

try {
  process.exitCode = await start();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 2;
}

/** @returns the exit code */
async function start(): Promise<number> {
  if (values.compare) return printComparison();
  const [stray] = positionals;
  if (stray !== undefined) throw new Error(`"${stray}" belongs to nothing: only --compare takes files. See --help.`);
  if (values.clean) return clean();
  if (!values.help && !values.list) return main();
  console.log(
    values.help
      ? HELP
      : selected()
          .map(({ id, rule, page }) => `${id}: ${rule} ${page}`)
          .join('\n'),
  );
  return 0;
}

/** @throws an error that names the option */
function atLeast(option: string, value: string, least: number): number {
  const n = Number(value);
  if (value.trim() !== '' && Number.isFinite(n) && n >= least) return n;
  throw new Error(`--${option} takes a number from ${least} on, not "${value}". See --help.`);
}

function selected(): Row[] {
  const only = new RegExp(values.only ?? '');
  return ROWS.filter(({ id }) => only.test(id));
}

function readRecording(file: string): Recording {
  try {
    const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    if (recording.format !== 1) throw new Error('not a recording of npm run conformance');
    return recording;
  } catch (thrown) {
    throw new Error(`--compare ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function printComparison(): number {
  const [a, b] = positionals;
  if (a === undefined || b === undefined) {
    console.error('--compare takes two recordings. See --help.');
    return 2;
  }
  const { text, different } = compare(readRecording(a), readRecording(b));
  console.log(text);
  return different > 0 ? 1 : 0;
}

function remoteEndpoint(given: string): Endpoint {
  if (given !== 'aws' && !/^https?:\/\/[^/]/.test(given))
    throw new Error(`--endpoint is a URL or aws, not "${given}". See --help.`);
  const speed = atLeast('speed', values.speed ?? '1', 0.001);
  return {
    url: given === 'aws' ? undefined : given,
    region: values.region,
    stack: readStack(values.stack, process.env),
    time: {
      now: () => (Date.now() / 1000) * speed,
      sleep: async (seconds, signal) => void (await setTimeout((seconds * 1000) / speed, undefined, { signal })),
    },
    pollSeconds: 5,
  };
}

async function main(): Promise<number> {
  const rows = selected();
  if (rows.length === 0) {
    console.error(`--only ${values.only}: no row has such an id. See --list.`);
    return 2;
  }
  const parallel = atLeast('parallel', values.parallel ?? (values.endpoint === undefined ? '1' : '6'), 1);
  if (values.endpoint !== undefined) return ask(rows, remoteEndpoint(values.endpoint), parallel);
  for (const option of ['stack', 'speed'] as const)
    if (values[option] !== undefined) throw new Error(`--${option} goes with --endpoint. See --help.`);
  const simulator = await startSimulator();
  try {
    return await ask(rows, simulator, parallel);
  } finally {
    await simulator.close();
  }
}

/** Runs the rows, prints each result and writes the recording. @returns the exit code */
async function ask(rows: readonly Row[], endpoint: Endpoint, parallel: number): Promise<number> {
  const local = values.endpoint === undefined;
  const prefix = values.prefix ?? `conformance-${randomBytes(3).toString('hex')}`;
  const name = local ? 'the simulator' : values.endpoint === 'aws' ? `AWS ${endpoint.region}` : (values.endpoint ?? '');
  console.log(
    `${rows.length} rows at ${name}; all names begin with ${prefix}.${estimate(rows, parallel, endpoint.url === undefined)}`,
  );
  const cancel = cancelOnSignals();
  let wrong = 0;
  let skipped = 0;
  let left = 0;
  const recorded = await runRows({
    endpoint,
    clients: new Clients(endpoint, local ? {} : process.env),
    prefix,
    rows,
    parallel,
    signal: cancel,
    report: (id, { verdict, skipped: why }) => {
      if (why !== undefined) {
        skipped++;
        console.log(`skipped  ${id}: ${why}`);
      } else if (verdict === AS_DOCUMENTED) console.log(`ok       ${id}`);
      else {
        wrong++;
        console.log(`DIFFERS  ${id}: ${verdict}`);
      }
    },
    onLeft: (what) => {
      left++;
      console.error(`NOT REMOVED: ${what}`);
    },
  });
  const recording: Recording = { format: 1, endpoint: name, recordedAt: new Date().toISOString(), rows: recorded };
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(recording, null, 2)}\n`);
  const count = Object.keys(recorded).length;
  console.log(`\n${count - wrong - skipped} as documented, ${wrong} different, ${skipped} skipped.`);
  const removed =
    left === 0 ? 'what they created was removed' : `${left} things are left: --clean --prefix ${prefix} removes them`;
  if (cancel.aborted) console.log(`Cancelled after ${count} of ${rows.length} rows; ${removed}.`);
  return cancel.aborted ? 130 : wrong > 0 || left > 0 ? 1 : 0;
}

async function clean(): Promise<number> {
  const { prefix, endpoint: url } = values;
  if (url === undefined || prefix === undefined || prefix.length < 5) {
    console.error('--clean takes --endpoint and a --prefix of at least five characters. See --help.');
    return 2;
  }
  const endpoint = remoteEndpoint(url);
  const scope = new Scope(new Clients(endpoint, process.env), { endpoint, name: prefix, signal: cancelOnSignals() });
  const found = await leftovers(scope, prefix);
  scope.take(found);
  const left = await scope.clean();
  for (const what of left) console.error(`NOT REMOVED: ${what}`);
  console.log(`${found.length - left.length} of ${found.length} removals done for ${prefix}*.`);
  return left.length > 0 ? 1 : 0;
}

/** Time and cost at AWS, before anything is created. */
function estimate(rows: readonly Row[], parallel: number, aws: boolean): string {
  if (!aws) return '';
  const minutes = rows.map((row) => (row.kind === 'rollout' ? row.minutes : 0));
  const total = minutes.reduce((sum, one) => sum + one, 0);
  const calls = minutes.filter((one) => one === 0).length;
  const usd = (total / 60) * TASKS_OF_A_ROLLOUT * TASK_HOUR_USD;
  const longest = Math.max(total / parallel, ...minutes) + calls / 20;
  return `\nThis takes about ${Math.ceil(longest)} minutes and costs about ${usd.toFixed(2)} USD.`;
}

/** The first signal ends the rows, which remove what they created; the second one ends the process. */
function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      console.error('\nCancelled: removing what was created. Once more ends at once and leaves it there.');
      controller.abort(new Error('cancelled'));
    });
  }
  return controller.signal;
}
