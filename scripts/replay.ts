/**
 * `npm run -s replay -- FILE.json`: each recorded rollout of the file is served over the wire under a virtual clock and
 * watched, observing only. One JSON line each: what the watcher found, after how many seconds, why, and by how many calls.
 */

import { VirtualClock } from '../simulator/clock.ts';
import { Replay } from '../simulator/replay/replay.ts';
import { parseScenario, type Scenario } from '../simulator/replay/scenario.ts';
import { type Conditions, IDEAL, slowDown, watchersClock } from '../simulator/wire/faults.ts';
import { Wire } from '../simulator/wire/wire.ts';
import { tellingTime } from '../src/adapters/aws.ts';
import { createEcs } from '../src/adapters/ecs.ts';
import { createLogs } from '../src/adapters/logs-and-targets.ts';
import { createResources } from '../src/adapters/resources.ts';
import { byServerTime, ServerTime } from '../src/adapters/time.ts';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import type { Diagnosis } from '../src/diagnosis/diagnosis.ts';
import { asFailure, type Failure } from '../src/failure.ts';
import { readWatch } from '../src/inputs/modes.ts';
import { Reader } from '../src/inputs/reader.ts';
import { Masker } from '../src/masker.ts';
import { isObject, type Json, type JsonObject, type ServiceState } from '../src/model.ts';
import type { Clock, Ecs } from '../src/ports.ts';
import { pinned } from '../src/service/apply.ts';
import type { Deployment } from '../src/service/deployment.ts';
import type { Snapshot } from '../src/watch/snapshot.ts';
import type { FinalVerdict, Verdict } from '../src/watch/verdict.ts';
import { watch } from '../src/watch/watch.ts';
import { JSON_FILE, readNamedFile, readOptions, WrongUsage } from './command-line.ts';

export interface Replayed {
  readonly id: string;
  readonly verdict: 'success' | 'failed' | 'rolled_back' | 'superseded' | 'stuck';
  /** The first instant at which the watcher was sure; ECS's own rollback is followed to its end after it. */
  readonly decidedAtSeconds: number;
  /** The id of the root cause's rule, `ID: sentence`, and what to do; null where nothing is wrong. */
  readonly rule: string | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly apiCalls: number;
  /** What else is reported of a success. */
  readonly warnings: readonly string[];
}

/** What a user gets who sets no limits. */
const LIMITS = readWatch(new Reader(new Map()));
/** A recording that is longer than the usual limit is watched to its end. */
const AFTER_THE_END_SECONDS = 300;

/** @param sdk what the SDK's clients are made with, beside what a recording needs */
export async function replay(
  scenario: Scenario,
  conditions: Conditions = IDEAL,
  sdk: Partial<Parameters<typeof createEcs>[0]> = {},
): Promise<Replayed> {
  const virtual = new VirtualClock();
  const start = virtual.now();
  const recording = new Replay(scenario, virtual);
  const wire = new Wire([recording, recording.logs], '123456789012');
  slowDown(wire, virtual, conditions);
  const own = watchersClock(virtual, conditions);
  const time = new ServerTime(own);
  const clock = byServerTime(own, time);
  const handler = wire.requestHandler();
  const config = {
    region: 'us-east-1',
    requestHandler: { ...handler, handle: tellingTime(handler.handle, time) },
    credentials: async () => ({ accessKeyId: 'REPLAY', secretAccessKey: 'replay' }),
    maxAttempts: 1,
    customUserAgent: 'replay',
    ...sdk,
  };
  const ecs = createEcs(config);
  const result = (
    verdict: Replayed['verdict'],
    why: Partial<Pick<Replayed, 'rule' | 'cause' | 'remedy' | 'warnings'>> = {},
    at = virtual.now(),
  ): Replayed => ({
    id: scenario.id,
    verdict,
    decidedAtSeconds: Math.round((at - start) * 10) / 10,
    rule: null,
    cause: null,
    remedy: null,
    apiCalls: wire.calls.length,
    warnings: [],
    ...why,
  });
  let sure: { readonly at: number; readonly verdict: Verdict } | undefined;
  try {
    const deployment = await begin(scenario, recording, { ecs, clock });
    const end = (scenario.frames.at(-1)?.t ?? 0) + AFTER_THE_END_SECONDS;
    const limits = { timeoutSeconds: Math.max(LIMITS.timeoutSeconds, end) };
    const world = {
      clock,
      ecs,
      logs: createLogs(config, new Masker()),
      resources: async () => createResources(config, () => {}),
      signal: new AbortController().signal,
    };
    const { verdict, snapshot } = await watch({ ...deployment, ...limits }, world, (_, now) => {
      if (!('pollAgainInSeconds' in now) || now.kind === 'rolling-back') sure ??= { at: virtual.now(), verdict: now };
      else sure = undefined;
    });
    return result(nameOf(verdict), whyOf(verdict, snapshot), sure?.at);
  } catch (thrown) {
    return result('failed', refusedBecause(asFailure(thrown)));
  }
}

/** The change itself, which ECS may refuse; else the deployment that it started. */
async function begin(
  scenario: Scenario,
  recording: Replay,
  { ecs, clock }: { readonly ecs: Ecs; readonly clock: Clock },
): Promise<Deployment> {
  const { serviceArn: service, clusterArn: cluster, previousTaskDefinition } = recording;
  // As in a deploy, AWS has answered before UpdateService is called, so that its clock is known.
  const { definition } = await ecs.describeTaskDefinition(scenario.newTaskDefinition);
  const startedAt = clock.now();
  const after: ServiceState = await ecs.updateService({
    cluster,
    service,
    taskDefinition: scenario.newTaskDefinition,
  });
  return {
    ...pinned(after, LIMITS, startedAt),
    id: scenario.newDeploymentId,
    taskDefinitionArn: scenario.newTaskDefinition,
    definition,
    ...(previousTaskDefinition === undefined ? {} : { previousTaskDefinitionArn: previousTaskDefinition }),
  };
}

function nameOf({ kind }: FinalVerdict): Replayed['verdict'] {
  switch (kind) {
    case 'succeeded':
      return 'success';
    case 'rolled-back':
      return 'rolled_back';
    case 'superseded':
      return 'superseded';
    case 'stuck':
    case 'timed-out':
    case 'paused':
      return 'stuck';
    case 'failed':
    case 'stopped':
      return 'failed';
  }
}

function whyOf(
  verdict: FinalVerdict,
  { diagnoses }: Snapshot,
): Partial<Pick<Replayed, 'rule' | 'cause' | 'remedy' | 'warnings'>> {
  switch (verdict.kind) {
    case 'succeeded':
      return { warnings: verdict.warnings };
    case 'superseded': {
      const by = verdict.byTaskDefinition.split('/').at(-1);
      return {
        cause: `superseded: ${verdict.byDeployment} with ${by} was deployed while ours was on its way.`,
        remedy: 'Nothing is wrong with this revision; run deploys of one service one after another (`concurrency`).',
      };
    }
    case 'paused':
      return {
        cause: `The deployment waits at ${verdict.hook} to be continued.`,
        remedy: 'Continue it or roll it back: aws ecs continue-service-deployment.',
      };
    case 'stopped':
      return { cause: verdict.reason, remedy: 'Look at who stopped it (CloudTrail), and deploy again.' };
    case 'rolled-back':
    case 'failed':
    case 'stuck':
    case 'timed-out': {
      const [root]: readonly (Diagnosis | undefined)[] = verdict.causes.length > 0 ? verdict.causes : diagnoses;
      return root
        ? { rule: root.rule, cause: `${root.rule}: ${root.cause}`, remedy: root.remedy }
        : { cause: verdict.reason, remedy: null };
    }
  }
}

function refusedBecause({ message, remedy, api }: Failure): Partial<Pick<Replayed, 'rule' | 'cause' | 'remedy'>> {
  const root = api && diagnose({ surface: 'api.ecs', text: api.message, context: { operation: api.operation } });
  if (!root || root.rule === 'unknown') return { cause: message, remedy: remedy ?? null };
  return { rule: root.rule, cause: `${root.rule}: ${root.cause} (${message})`, remedy: root.remedy };
}

const HELP = `Usage: npm run -s replay -- FILE.json [options]

Watches each recorded rollout of the file as a run would, and prints one JSON line for each: the verdict, after how many
seconds, and why.

  --latency SECONDS       how long each answer of AWS takes (default: 0)
  --clock-offset SECONDS  how far this machine's clock is ahead of AWS's (default: 0)
  --help                  this text`;

const isRecording = (value: unknown): boolean =>
  isObject(value as Json) &&
  ['timeline', 'frames', 'states'].some((name) => Array.isArray((value as JsonObject)[name]));

async function main(): Promise<void> {
  const { values, positionals } = readOptions('replay', {
    args: process.argv.slice(2),
    allowPositionals: true,
    options: {
      latency: { type: 'string', default: '0' },
      'clock-offset': { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new WrongUsage(
      'Give one file of recorded rollouts: npm run -s replay -- FILE.json. All options: npm run -s replay -- --help',
    );
  const seconds = (option: 'latency' | 'clock-offset'): number => {
    const value = Number(values[option]);
    if (values[option].trim() !== '' && Number.isFinite(value)) return value;
    throw new WrongUsage(`--${option} takes a number of seconds, not "${values[option]}".`);
  };
  const conditions = { latencySeconds: seconds('latency'), clockOffsetSeconds: seconds('clock-offset') };
  const text = readNamedFile(file, JSON_FILE);
  let recordings: unknown;
  try {
    recordings = JSON.parse(text);
  } catch (thrown) {
    throw new WrongUsage(`${file} is not JSON: ${(thrown as Error).message}`);
  }
  const list: readonly unknown[] = Array.isArray(recordings) ? recordings : [recordings];
  if (list.length === 0 || !list.every(isRecording))
    throw new WrongUsage(
      `${file} is no recording of rollouts: each needs \`timeline\`, the answers of ECS over time (simulator/README.md).`,
    );
  for (const [index, recording] of list.entries())
    console.log(JSON.stringify(await replay(parseScenario(recording, index), conditions)));
}

if (import.meta.main) {
  try {
    await main();
  } catch (thrown) {
    if (!(thrown instanceof WrongUsage)) throw thrown;
    console.error(thrown.message);
    process.exitCode = 2;
  }
}
