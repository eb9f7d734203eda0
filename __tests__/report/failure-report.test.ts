import { Failure } from '../../src/failure.ts';
import { Masker } from '../../src/masker.ts';
import { reportFailure } from '../../src/report/failure-report.ts';
import { Stage } from '../support/world.ts';

test.each([
  ['CANCELLED', true, 'cancelled'],
  ['INVALID_INPUT', false, 'failed'],
] as const)('a failure %s is reported once, with its output', async (code, untouched, output) => {
  const made = new Stage();
  const thrown = new Failure(code, 'What went wrong.');
  const stackOf = async (): Promise<string> => 'the stack';
  const reported = await reportFailure({ thrown, untouched, stackOf }, { ...made.world, masker: new Masker() });
  expect(reported.message).toBe('What went wrong.');
  expect(made.outputs.get('outcome')).toBe(output);
  expect(made.lines).toEqual(
    untouched ? ['What went wrong.', 'Nothing was changed in ECS: the service is as it was.'] : ['What went wrong.'],
  );
});

test('the stack is shown for a bug of ours alone', async () => {
  const made = new Stage();
  const thrown = new Failure('INTERNAL', 'x is undefined', { cause: new TypeError('x is undefined') });
  await reportFailure(
    { thrown, untouched: false, stackOf: async () => 'the stack' },
    { ...made.world, masker: new Masker() },
  );
  expect(made.lines).toEqual(['x is undefined', 'Stack, for a bug report', 'the stack']);
});

async function reported(thrown: Failure, more: Partial<Parameters<typeof reportFailure>[0]> = {}) {
  const made = new Stage();
  const errors: unknown[][] = [];
  const warnings: string[] = [];
  const console = {
    ...made.world.console,
    error: (...given: unknown[]) => void errors.push(given),
    warning: (text: string) => void warnings.push(text),
  };
  const run = { thrown, untouched: false, stackOf: async () => 'the stack', ...more };
  let summary = '';
  const runner = {
    ...made.world.runner,
    writeSummary: async (text: string) => {
      summary += text;
    },
  };
  const world = { ...made.world, console, runner, masker: new Masker() };
  const failure = await reportFailure(run, world);
  return { failure, errors, warnings, made, world, summary };
}

const CONTAINER = 'The container web does not exist in the task definition.';
const api = { service: 'ecs', operation: 'UpdateService', name: 'InvalidParameterException', message: CONTAINER };
const OUTPUT = 'dockerfile parse error on line 2: unknown instruction: COPYY (did you mean COPY?)';

test.each([
  [
    'an error of AWS',
    new Failure('REFUSED', `ecs:UpdateService failed: ${CONTAINER}`, { api }),
    /^The service names the container web/,
  ],
  ['a build', new Failure('BUILD_FAILED', OUTPUT, { cause: OUTPUT }), /COPYY/],
  ['a push', new Failure('PUSH_FAILED', OUTPUT, { cause: OUTPUT }), /COPYY/],
])('%s is diagnosed', async (_, thrown, words) => {
  const { failure } = await reported(thrown);
  expect(failure.message).toMatch(words);
  expect(failure.remedy).toMatch(/./);
});

test('the link of a failure that is diagnosed leads to the entry of its cause, and a page that a remedy names has its address', async () => {
  const action = { repository: 'acme/ecs-rollout', ref: 'v1' };
  const base = new Stage().world.runner.context;
  const links = async (thrown: Failure): Promise<string> => {
    const made = new Stage();
    const runner = { ...made.world.runner, context: { ...base, serverUrl: 'https://github.com', action } };
    await reportFailure(
      { thrown, untouched: false, stackOf: async () => '' },
      { ...made.world, runner, masker: new Masker() },
    );
    return made.lines.join('\n');
  };
  const pages = 'https://github.com/acme/ecs-rollout/blob/v1/docs';
  expect(await links(new Failure('REFUSED', `ecs:UpdateService failed: ${CONTAINER}`, { api }))).toContain(
    `${pages}/troubleshooting/task-definitions.md#container-not-in-taskdef`,
  );
  const remedy = 'See docs/forks.md, or https://example.com/docs/forks.md.';
  const mistakes = [
    { subject: 'services', problem: 'docs/monorepo.md.', remedy: 'Run a job for each (docs/ecr.md#scan).' },
  ];
  const text = await links(new Failure('INVALID_INPUT', 'docs/forks.md is wrong.', { mistakes, remedy }));
  expect(text).toContain(`See ${pages}/forks.md, or https://example.com/docs/forks.md.`);
  expect(text).toContain(`services: docs/monorepo.md. Run a job for each (${pages}/ecr.md#scan).`);
  expect(text).toMatch(/^docs\/forks\.md is wrong/);
});

test('our own words are reported as they are', async () => {
  const { failure } = await reported(new Failure('INVALID_INPUT', OUTPUT));
  expect([failure.message, failure.remedy]).toEqual([OUTPUT, undefined]);
});

test('the place is in the title, and what the annotation cuts is in the log', async () => {
  const long = 'x'.repeat(6000);
  const place = {
    aws: { region: 'eu-west-1' },
    service: { service: 'web', cluster: 'shop' },
    github: {},
  } as unknown as Parameters<typeof reportFailure>[0]['place'];
  const { errors, made } = await reported(new Failure('INVALID_INPUT', `Wrong. ${long}`), {
    ...(place ? { place } : {}),
  });
  expect(String(errors[0]?.[1])).toMatch(/web.*shop/);
  expect(made.lines.join('\n')).toContain(long);
  const short = await reported(new Failure('INVALID_INPUT', 'Wrong.'));
  expect(short.made.lines).toEqual([]);
});

test('no stack of a bug without its error, nor of another failure with a cause', async () => {
  const cause = new TypeError('x');
  expect((await reported(new Failure('INTERNAL', 'x'))).made.lines.join()).not.toContain('the stack');
  expect((await reported(new Failure('INVALID_INPUT', 'x', { cause }))).made.lines.join()).not.toContain('the stack');
});

test('outputs that cannot be written are a warning, unless that is the failure itself', async () => {
  const unwritable = (message: string) => (made: Awaited<ReturnType<typeof reported>>) => ({
    ...made.world,
    runner: {
      ...made.world.runner,
      setOutput: () => {
        throw new Failure('INTERNAL', message);
      },
    },
  });
  const first = await reported(new Failure('INVALID_INPUT', 'Wrong.'));
  const run = { thrown: new Failure('INVALID_INPUT', 'Wrong.'), untouched: false, stackOf: async () => '' };
  await reportFailure(run, unwritable('no space')(first));
  expect(first.warnings).toEqual(['no space']);
  const same = await reported(new Failure('INVALID_INPUT', 'Wrong.'));
  await reportFailure(run, unwritable('Wrong.')(same));
  expect(same.warnings).toEqual([]);
});

test('a failure without words of AWS or a build loads no table, and is marked as reported for post', async () => {
  const thrown = new Failure('INVALID_INPUT', `ecs:UpdateService failed: ${CONTAINER}`, { cause: OUTPUT });
  const { failure, made } = await reported(thrown);
  expect(failure.message).toBe(`ecs:UpdateService failed: ${CONTAINER}`);
  expect(made.states.get('reported')).toBe('yes');
});
