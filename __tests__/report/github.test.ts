import { Failure } from '../../src/failure.ts';
import type { GithubInputs } from '../../src/inputs/types.ts';
import type { Outcome, OutcomeKind, Plan } from '../../src/outcome.ts';
import type { Github } from '../../src/ports.ts';
import { commentMarker } from '../../src/report/comment.ts';
import {
  beginDeployment,
  comment,
  endDeployment,
  outcomeComment,
  planComment,
  recordOf,
  recordRollout,
} from '../../src/report/github.ts';
import { diagnosis, listening, outcome, place, run, service } from './made.ts';

const MARKER = commentMarker(place(), run);
const FROM =
  '<sub>From <a href="https://github.com/acme/shop/actions/runs/42/attempts/1">`run 42`</a> of `release`.</sub>';
const partsOf = (text: string): string[] => {
  const parts = text.split('\n\n');
  expect([parts[0], parts.at(-1)]).toEqual([MARKER, FROM]);
  expect(text.length).toBeLessThanOrEqual(65_536);
  return parts.slice(1, -1);
};
const TOO_LONG = 'The rest is too long for a comment; the job summary has it.';

test('an outcome, of one too long only the first screen', () => {
  const of = (rest: Partial<Outcome>) =>
    partsOf(outcomeComment(outcome({ kind: 'failed', ...rest }), place(), { run }));
  const short = of({ diagnoses: [diagnosis(), diagnosis({ cause: 'second' })], warnings: ['careful'] }).join('\n\n');
  expect(short).toMatch(/^### ❌ web in shop\/eu-central-1: `web:42` failed\n\n> \[!CAUTION\]\n> The image/);
  expect(short).toContain('second');
  expect(short).toContain('> - careful');
  expect(short).toContain('<b>Commit</b>');
  // Each character of these is escaped to six.
  const long = '"'.repeat(1500);
  const image = { reference: long, repository: 'x', tags: [] };
  const platforms = Array.from({ length: 20 }, () => '"'.repeat(200));
  const cut = of({
    image: { ...image, tags: platforms, platforms: platforms.slice(0, 5) },
    diagnoses: Array.from({ length: 7 }, (_, n) =>
      diagnosis({ cause: `c${n} ${'x '.repeat(700)}`, remedy: 'y '.repeat(750) }),
    ),
    warnings: Array.from({ length: 10 }, () => 'w '.repeat(750)),
  }).join('\n\n');
  expect(cut).toContain('> c0');
  expect(cut).not.toContain('c1');
  expect(cut).not.toContain('w w');
  const least = of({ image: { ...image, tags: platforms, platforms }, service: service([], { clusterArn: long }) });
  expect(least[0]).toMatch(/^### ❌ web in "/);
  expect(least.join('\n\n')).not.toContain('<b>Commit</b>');
});

describe('a plan', () => {
  const plan = (count: number, length = 1): Plan => ({
    service: service([]),
    image: { kind: 'template' },
    differences: Array.from({ length: count }, () => ({ subject: 'x'.repeat(length), kind: 'added' as const })),
    reasons: [],
    settings: [],
    updates: true,
    checks: Array.from({ length: count }, () => ({ status: 'bad' as const, text: 'y '.repeat(length) })),
  });
  const counts = (one: Plan) => {
    const text = partsOf(planComment(one, place(), run)).join('\n\n');
    return [text.match(/^\+ x/gm)?.length, text.match(/^- ❌/gm)?.length];
  };
  test('as it is, or shortened', () => {
    expect(partsOf(planComment(plan(1), place(), run)).slice(0, 2)).toEqual([
      '### ❌ web in shop/eu-central-1: could not be deployed, 1 check failed (0 to change, 1 to add, 0 to remove)',
      '- ❌ failed: y',
    ]);
    expect(counts(plan(300))).toEqual([200, 100]);
    expect(counts(plan(300, 400))).toEqual([60, 30]);
    const reasons = (count: number) => Array.from({ length: count }, () => 'z '.repeat(500));
    expect(counts({ ...plan(300, 400), reasons: reasons(40) })).toEqual([20, 10]);
    expect(partsOf(planComment({ ...plan(300, 400), reasons: reasons(70) }, place(), run))).toEqual([
      '### ❌ web in shop/eu-central-1: could not be deployed, 300 checks failed (0 to change, 300 to add, 0 to remove)',
      TOO_LONG,
    ]);
  });
});

/** GitHub that keeps its calls; `refusals` are thrown first, one a call. */
function stage(refusals: readonly Error[] = []) {
  const calls: [name: string, given: unknown][] = [];
  const saved: string[] = [];
  const left = [...refusals];
  const answer = async <T>(name: string, given: unknown, value: T): Promise<T> => {
    calls.push([name, given]);
    const refusal = left.shift();
    if (refusal) throw refusal;
    return value;
  };
  const github: Github = {
    createDeployment: (given) => answer('create', given, 7),
    setDeploymentStatus: (given) => answer('status', given, undefined),
    putComment: (given) => answer('comment', given, undefined),
  };
  const console = listening();
  const runner = { context: run, saveState: (name: string, value: string) => void saved.push(name, value) };
  return { calls, saved, console, lines: console.lines, world: { github, console, runner } };
}
const asked = (url?: string): GithubInputs => ({
  comment: false,
  deployment: { environment: 'prod', transient: true, production: false, ...(url === undefined ? {} : { url }) },
});
const LOG = 'https://github.com/acme/shop/actions/runs/42/attempts/1';
const SHA = 'a'.repeat(40);

describe('the record of a deployment', () => {
  test('is begun, left for post and under way', async () => {
    const { calls, saved, world } = stage();
    const recorded = { deployment: 7, environment: 'prod', url: 'https://x' };
    expect(await beginDeployment(asked('https://x'), world)).toEqual(recorded);
    expect(calls).toEqual([
      ['create', { environment: 'prod', transient: true, production: false, description: 'ECS Rollout by release' }],
      [
        'status',
        {
          deployment: 7,
          environment: 'prod',
          state: 'in_progress',
          description: 'Deploying',
          logUrl: LOG,
          environmentUrl: 'https://x',
        },
      ],
    ]);
    expect(saved[0]).toBe('github-deployment');
    expect(recordOf(saved[1] ?? '')).toEqual(recorded);
    expect(recordOf('')).toBeUndefined();
  });

  test('has no page where none is given', async () => {
    const { calls, world } = stage();
    expect(await beginDeployment(asked(''), world)).toEqual({ deployment: 7, environment: 'prod' });
    expect(calls[1]?.[1]).not.toHaveProperty('environmentUrl');
  });

  test('is not made unless it is asked for', async () => {
    const { calls, lines, world } = stage();
    expect(await beginDeployment({ comment: true }, world)).toBeUndefined();
    expect([calls, lines]).toEqual([[], []]);
  });

  test.each<[string | undefined, string | undefined]>([
    [SHA, SHA],
    ['b'.repeat(64), 'b'.repeat(64)],
    ['main', undefined],
    [`${SHA}x`, undefined],
    [`x${SHA}`, undefined],
    [undefined, undefined],
  ])('of a rollback is of the commit %s: %s', async (commit, ref) => {
    const { calls, world } = stage();
    await beginDeployment(asked(), world, { revision: 'web:3', commit });
    expect(calls).toEqual([
      ['create', expect.objectContaining({ description: 'Rollback to web:3' })],
      ['status', expect.objectContaining({ description: 'Rollback to web:3' })],
    ]);
    const [, given] = calls[0] ?? [];
    if (ref === undefined) expect(given).not.toHaveProperty('ref');
    else expect(given).toHaveProperty('ref', ref);
  });

  test('of a commit that is gone is made without it', async () => {
    const { calls, world } = stage([new Failure('REFUSED', 'no ref')]);
    expect(await beginDeployment(asked(), world, { revision: 'web:3', commit: SHA })).toMatchObject({ deployment: 7 });
    expect(calls.map(([name]) => name)).toEqual(['create', 'create', 'status']);
    expect(calls[1]?.[1]).not.toHaveProperty('ref');
  });

  test.each<[string, Failure, string | undefined]>([
    ['another failure', new Failure('UNAVAILABLE', 'Down.', { remedy: 'Wait.' }), SHA],
    ['no commit that could be gone', new Failure('REFUSED', 'Down.', { remedy: 'Wait.' }), undefined],
  ])('is missing with a warning: %s', async (_, failure, commit) => {
    const { calls, saved, lines, world } = stage([failure]);
    expect(await beginDeployment(asked(), world, { revision: 'web:3', commit })).toBeUndefined();
    expect(calls).toHaveLength(1);
    expect(saved).toEqual([]);
    expect(lines).toEqual(['The GitHub deployment is missing. Down. Wait.']);
  });

  test('needs a token', async () => {
    const { lines, world } = stage();
    const { github: _, ...without } = world;
    expect(await beginDeployment(asked(), without as typeof world)).toBeUndefined();
    expect(lines).toEqual([
      expect.stringMatching(
        /^The GitHub deployment is skipped: `github-token` is not set\. Set .*`permissions: deployments: write`\.$/,
      ),
    ]);
  });

  test('of a rollback waits for its target, and no longer than the rollback', async () => {
    const { calls, world } = stage();
    const pending = new Promise<never>(() => undefined);
    const record = (rollout: Promise<unknown>, target: Promise<{ revision: string }> | undefined) =>
      recordRollout(asked(), { rollout, target }, world);
    await record(pending, undefined);
    await record(pending, Promise.resolve({ revision: 'web:3' }));
    expect(calls.flatMap(([name, given]) => (name === 'create' ? [given] : []))).toEqual([
      expect.objectContaining({ description: 'ECS Rollout by release' }),
      expect.objectContaining({ description: 'Rollback to web:3' }),
    ]);
    expect(await record(Promise.resolve('done'), pending)).toBeUndefined();
    expect(await record(Promise.reject(new Error('x')), pending)).toBeUndefined();
    expect(calls).toHaveLength(4);
  });

  test.each<[OutcomeKind | undefined, string]>([
    ['deployed', 'success'],
    ['unchanged', 'success'],
    ['started', 'in_progress'],
    ['rolled-back', 'failure'],
    ['failed', 'failure'],
    ['superseded', 'inactive'],
    ['cancelled', 'error'],
    ['paused', 'pending'],
    [undefined, 'error'],
  ])('ends: %s is %s', async (kind, state) => {
    const { calls, world } = stage();
    const end = kind && { kind, headline: 'h '.repeat(100) };
    await endDeployment({ deployment: 7, environment: 'prod' }, end, world);
    const description = kind ? `${'h '.repeat(68)}h...` : 'The run ended before the deployment started.';
    expect(calls).toEqual([['status', { deployment: 7, environment: 'prod', state, description, logUrl: LOG }]]);
    await endDeployment(undefined, end, world);
    expect(calls).toHaveLength(1);
  });
});

describe('the comment', () => {
  const plan: Plan = {
    service: service([]),
    image: { kind: 'template' },
    differences: [],
    reasons: [],
    settings: [],
    updates: true,
    checks: [],
  };
  const said = async (act: (world: ReturnType<typeof stage>['world']) => Promise<void>) => {
    const { calls, world } = stage();
    await act(world);
    return calls;
  };
  test('is put where it is asked for', async () => {
    const written = async (act: Parameters<typeof said>[0]): Promise<string> => {
      const [call] = (await said(act)) as [string, Parameters<Github['putComment']>[0]][];
      if (!call) throw new Error('no comment');
      const [what, given] = call;
      expect([what, given.marker]).toEqual(['comment', '<!-- ecs-rollout all release -->']);
      const text = given.write(undefined);
      expect([given.holds(text), given.holds('')]).toEqual([true, false]);
      return text;
    };
    const alone = (body: string): string => `<!-- ecs-rollout all release -->\n\n${body}\n\n<!-- ecs-rollout end -->`;
    expect(await written((world) => comment(place(), { plan }, world))).toBe(alone(planComment(plan, place(), run)));
    expect(await written((world) => comment(place(), { outcome: outcome() }, world))).toBe(
      alone(outcomeComment(outcome(), place(), { run })),
    );
  });
  test('and nowhere else', async () => {
    const without = place({ comment: false });
    expect(await said((world) => comment(without, { plan }, world))).toEqual([]);
  });
  test('that GitHub does not take is a warning', async () => {
    const { lines, world } = stage([new Error('x')]);
    await comment(place(), { plan }, world);
    expect(lines).toEqual(['The comment is missing. x']);
  });
});
