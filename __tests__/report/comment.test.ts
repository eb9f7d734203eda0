import { Failure } from '../../src/failure.ts';
import type { RunContext } from '../../src/inputs/types.ts';
import type { Github } from '../../src/ports.ts';
import {
  commentBody,
  commentFailure,
  commentMarker,
  failureComment,
  put,
  withGithub,
} from '../../src/report/comment.ts';
import { listening, type Placed, place, run } from './made.ts';

const ROLE = 'arn:aws:iam::222222222222:role/deploy';
const CLUSTER = 'arn:aws:ecs:eu-central-1:333333333333:cluster/shop';

/** Account and environment in the marker. */
test.each<[Placed, string]>([
  [{}, '- -'],
  [{ accounts: ['111111111111'] }, '111111111111 -'],
  [{ accounts: ['111111111111', '444444444444'] }, '- -'],
  [{ accounts: ['111111111111'], role: ROLE, environment: 'a -->b' }, '222222222222 a%20%2D%2D%3Eb'],
  [{ role: ROLE, cluster: CLUSTER }, '333333333333 -'],
])('the marker of %j', (placed, key) =>
  expect(commentMarker(place(placed), run)).toBe(
    `<!-- ecs-rollout eu%2Dcentral%2D1 ${key} shop web release deploy -->`,
  ),
);
test('half a character is no reason to fail', () =>
  expect(commentMarker(place({ environment: '\ud800' }), run)).toContain(' %EF%BF%BD '));

const MARKER = commentMarker(place(), run);
const FROM =
  '<sub>From <a href="https://github.com/acme/shop/actions/runs/42/attempts/1">`run 42`</a> of `release`.</sub>';

test('a body is the marker, its parts and where it is from; an empty part leaves no gap', () => {
  expect(commentBody('<!-- x -->', ['a', '', 'b'], run)).toBe(`<!-- x -->\n\na\n\nb\n\n${FROM}`);
});

describe('the comment of a run that could not continue', () => {
  const of = (message: string, mistakes = 0, context: RunContext = run, cluster = CLUSTER) =>
    failureComment(
      new Failure('INVALID_INPUT', message, {
        mistakes: Array.from({ length: mistakes }, (_, n) => ({ subject: `in${n}`, problem: 'is - wrong.' })),
        ...(mistakes === 2 ? { state: 'Now a - b.' } : {}),
      }),
      { ...place(), service: { cluster, service: 'web' } },
      context,
    );
  const parts = (text: string): string[] => text.split('\n\n').slice(1, -1);
  test('has its lines, service and commit', () => {
    const [title, more, list, state, facts, ...rest] = parts(of('Bad. It is.', 2));
    expect(rest).toEqual([]);
    expect(title).toBe('### ❌ web in shop/eu-central-1: Bad');
    expect(more).toBe('It is.');
    expect(list).toBe('- in0: is - wrong.\n- in1: is - wrong.');
    expect(state).toBe('Now a - b.');
    expect(facts).toContain('<td><b>Commit</b></td>');
    expect(parts(of('Bad', 0, { ...run, sha: '' }))).toHaveLength(1);
  });
  test('of more than 50 lines the rest is counted', () => {
    const list = parts(of('Bad', 52))[1]?.split('\n');
    expect(list).toHaveLength(51);
    expect(list?.at(-1)).toBe('- and 2 more lines in the log of the step');
    expect(parts(of('Bad', 50))[1]?.split('\n')).toHaveLength(50);
  });
  test('that is too long for GitHub has five', () => {
    const long = (length: number) =>
      failureComment(
        new Failure('INVALID_INPUT', 'Bad', {
          mistakes: Array.from({ length: 50 }, () => ({ subject: 'in', problem: '*a* '.repeat(length) })),
        }),
        place(),
        run,
      );
    const partsOf = (text: string): string[] => {
      const all = text.split('\n\n');
      expect([all[0], all.at(-1)]).toEqual([MARKER, FROM]);
      expect(text.length).toBeLessThanOrEqual(65_536);
      return parts(text);
    };
    expect(partsOf(long(150))[1]?.split('\n')).toHaveLength(50);
    expect(partsOf(long(250))[1]?.split('\n')).toHaveLength(6);
  });
});

/** GitHub that keeps what is put, or refuses it. */
function github(refusal?: Error): { readonly puts: Parameters<Github['putComment']>[0][]; readonly github: Github } {
  const puts: Parameters<Github['putComment']>[0][] = [];
  const never = async () => {
    throw new Error('Not asked for.');
  };
  return {
    puts,
    github: {
      createDeployment: never,
      setDeploymentStatus: never,
      putComment: async (given) => {
        if (refusal) throw refusal;
        puts.push(given);
      },
    },
  };
}
const world = (given: Github | undefined, context: RunContext = run) => {
  const console = listening();
  return { console, runner: { context }, ...(given ? { github: given } : {}) };
};
const FAILURE = new Failure('REFUSED', 'No.');

test('it stands in the comment that the jobs of the workflow share, and is found there again', async () => {
  const { puts, github: given } = github();
  await commentFailure(place(), FAILURE, world(given));
  const [one, ...more] = puts;
  expect(more).toEqual([]);
  expect(one?.marker).toBe('<!-- ecs-rollout all release -->');
  const text = one?.write(undefined) ?? '';
  expect(text).toBe(
    `<!-- ecs-rollout all release -->\n\n${failureComment(FAILURE, place(), run)}\n\n<!-- ecs-rollout end -->`,
  );
  expect([one?.holds(text), one?.holds('')]).toEqual([true, false]);
  // Written again, it takes the place of what it wrote before.
  expect(one?.write(text)).toBe(text);
});

test.each<[string, Parameters<typeof commentFailure>[0], Failure]>([
  ['no comment was asked for', place({ comment: false }), FAILURE],
  ['the service is not known', { ...place(), service: { cluster: 'shop', service: '' } }, FAILURE],
  ['the run was cancelled', place(), new Failure('CANCELLED', 'No.')],
])('%s: none is written', async (_, where, failure) => {
  const { puts, github: given } = github();
  await commentFailure(where, failure, world(given));
  expect(puts).toEqual([]);
});

test.each<[string, RunContext, string]>([
  ['of a commit', run, 'contents: write'],
  ['of a pull request', { ...run, pullRequest: 7 }, 'pull-requests: write'],
])('without a token the notice names the permission: the comment %s', async (_, context, permission) => {
  const without = world(undefined, context);
  await put('text', without);
  expect(without.console.lines).toEqual([
    `The comment is skipped: \`github-token\` is not set. Set \`github-token: \${{ github.token }}\` and give the job \`permissions: ${permission}\`.`,
  ]);
});

test('white space behind the text is not part of the entry', async () => {
  const { puts, github: given } = github();
  await put('<!-- x -->\ntext \n\n', world(given));
  expect(puts[0]?.write(undefined)).toBe(
    '<!-- ecs-rollout all release -->\n\n<!-- x -->\ntext\n\n<!-- ecs-rollout end -->',
  );
});

test.each<[string, Error, string]>([
  [
    'with what to do',
    new Failure('ACCESS_DENIED', 'No right.', { remedy: 'Give it.' }),
    'The log is missing. No right. Give it.',
  ],
  ['that says no more', new Error('x'), 'The log is missing. x'],
  ['of several lines', new Error('a\nb'), 'The log is missing. a b'],
])('what GitHub refuses is one warning, %s', async (_, refusal, line) => {
  const beside = world(github(refusal).github);
  const got = await withGithub({ what: 'The log', permission: 'x' }, beside, (one) =>
    one.putComment({ marker: '', write: () => '', holds: () => true }),
  );
  expect(got).toBeUndefined();
  expect(beside.console.lines).toEqual([line]);
});

test('what GitHub answers is passed on', async () => {
  expect(await withGithub({ what: 'x', permission: 'x' }, world(github().github), async () => 7)).toBe(7);
});
