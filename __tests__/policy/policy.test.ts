import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Right } from '../../src/rights/needed.ts';
import { LOAD_BALANCER_ROLE, type Played, play, rightsOfScene, SCENES } from './scenes.ts';

/**
 * src/rights/needed.ts against the calls that runs make: with exactly its policy nothing is missing, with one action less the run
 * says which, and no action is there that no run asks for.
 */
const modeOf = (name: string): string => SCENES[name]?.inputs.mode ?? 'deploy';
const MODES = [
  'deploy',
  'plan',
  'build',
  'register',
  'rollback',
  'continue',
  'watch',
  'list',
  'status',
  'task',
  'daemon',
];
const scenesOf = (mode: string): string[] => Object.keys(SCENES).filter((name) => modeOf(name) === mode);
const sceneOf = (name: string) => SCENES[name] as (typeof SCENES)[string];
/** With all that it needs: played once for all that is asked about it. */
const played = new Map<string, Promise<Played>>();
function playedWhole(name: string): Promise<Played> {
  const found = played.get(name) ?? play(sceneOf(name), rightsOfScene(sceneOf(name)));
  played.set(name, found);
  return found;
}

/** What docker asks the registry for on its own: registry.test.ts. */
const BY_DOCKER = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
];
/** Of single-platform images; a build reads them as a cache in the registry. */
const BY_DOCKER_IN_A_BUILD = [...BY_DOCKER, 'ecr:GetDownloadUrlForLayer'];

/** A deployment that cannot be stopped any more is rolled back by a new one, as that of a deploy, whose scenes have this. */
const AS_IN_A_DEPLOY: Readonly<Record<string, readonly string[]>> = {
  watch: ['ecs:UpdateService'],
  continue: ['ecs:UpdateService', 'codedeploy:CreateDeployment', 'codedeploy:RegisterApplicationRevision'],
};

/** How each scene ends with all that it needs. */
const ENDS: readonly (readonly [name: string, ended: RegExp])[] = [
  ['a deploy of an image that is given, which fails and is rolled back', /^rolled-back$/],
  ['a deploy that fails while it waits at a hook', /^rolled-back$/],
  ['a first deployment that fails, and whose service is scaled to 0', /^failed$/],
  ['a first deployment that fails, and whose service is deleted', /^failed$/],
  ['an Express Mode service that is created by ECS with its revision, and deleted', /^failed$/],
  ['a deploy to an Express Mode service, whose tags change', /^deployed$/],
  ['a plan for an Express Mode service', /^planned$/],
  ['a deploy that divides its traffic', /^deployed$/],
  ['a deploy by CodeDeploy, after another one', /^deployed$/],
  ['a deploy by CodeDeploy that fails', /^rolled-back$/],
  ['a deploy by CodeDeploy whose group has another name', /^deployed$/],
  ['a plan for CodeDeploy', /^planned$/],
  ['a rollback by CodeDeploy', /^deployed$/],
  ['a rollback of a deployment by CodeDeploy that does not end', /^deployed$/],
  ['a list of what CodeDeploy deployed', /targets$/],
  ['the status of a service of CodeDeploy', /^1 services$/],
  ['a continue of a deployment by CodeDeploy', /^deployed$/],
  ['a continue of a deployment by CodeDeploy that fails', /^rolled-back$/],
  ['a deploy of what runs already', /^deployed$/],
  ['a deploy whose environment file does not exist', /^PREFLIGHT_FAILED$/],
  ['a deploy to instances, with alarms', /^deployed$/],
  ['a deploy that builds and keeps the repository clean', /^deployed$/],
  ['a deploy that builds, creates its repository and waits for what ECR does with the image', /^deployed$/],
  ['a deploy with a migration that does not end', /^failed$/],
  ['a deploy whose schedules follow it, by tag', /^deployed$/],
  ['a deploy whose schedule does not exist', /^NOT_FOUND$/],
  ['a deploy during which scale-in is suspended', /^deployed$/],
  ['a plan of the capacity', /^planned$/],
  ['a plan of schedules', /^planned$/],
  ['a registration whose schedules are moved', /^web:2$/],
  ['a rollback whose schedules follow it', /^deployed$/],
  ['a plan', /^planned$/],
  ['a plan of what runs already', /^planned$/],
  ['a plan of what runs already, by a tag', /^planned$/],
  ['a plan of what runs already, by a tag that ECS does not resolve', /^planned$/],
  ['a build', /^sha256:/],
  ['a registration that builds', /^web:2$/],
  ['a registration of an image that exists', /^web:2$/],
  ['the status of a service', /^1 services$/],
  ['the status of a service whose history is forgotten', /^1 services$/],
  ['the status of the services with a tag', /^1 services$/],
  ['a list', /^2 targets$/],
  ['a list for a service whose history is forgotten', /^1 targets$/],
  ['a rollback', /^deployed$/],
  ['a rollback to a commit, which fails', /^rolled-back$/],
  ['a rollback of a deployment that waits at a hook', /^deployed$/],
  ['a rollback of a deployment that does not end', /^deployed$/],
  ['a task of a file that does not end', /^failed$/],
  ['a task of what the service runs', /^ran$/],
  ['a task with a role of its own', /^ran$/],
  ['a continue of a deployment that waits at a hook', /^deployed$/],
  ['a continue of a deployment that does not wait, to be rolled back', /^deployed$/],
  ['a watch of a deployment that fails and is rolled back', /^rolled-back$/],
  ['a watch of a deployment that fails while it waits at a hook', /^rolled-back$/],
  ['a watch of a deployment that succeeds', /^deployed$/],
  ['a daemon', /^deployed$/],
  ['a daemon that fails', /^rolled-back$/],
];

test('every scene has an end', () => {
  expect(ENDS.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(SCENES)));
});

test.each(ENDS)('%s: allowed all that it needs', async (name, ended) => {
  const whole = await playedWhole(name);
  expect(whole.ended).toMatch(ended);
  expect(whole.missing).toEqual([]);
});

test.each(MODES)('mode %s: every action of the policy is asked for by a run', async (mode) => {
  const asked = new Set<string>();
  const allowed = new Set<string>();
  for (const name of scenesOf(mode)) {
    for (const { action } of rightsOfScene(sceneOf(name))) allowed.add(action);
    for (const action of (await playedWhole(name)).used) asked.add(action);
  }
  const elsewhere = [...BY_DOCKER_IN_A_BUILD, ...(AS_IN_A_DEPLOY[mode] ?? [])];
  const spare = [...allowed].filter((action) => !asked.has(action));
  expect(spare.filter((action) => !elsewhere.includes(action))).toEqual([]);
});

const FAILS = /^(?:failed|[A-Z_]+)$/;

test.each(MODES)(
  'mode %s: with one action less, the run names it, and ends only where it is needed',
  async (mode) => {
    const known = new Map<string, { readonly name: string; readonly ended: string; readonly cost: number }>();
    for (const name of scenesOf(mode)) {
      const { used, ended, requests } = await playedWhole(name);
      // In the shortest of the scenes that have the action; what a run needs shows best where it does not fail in any case.
      const cost = requests + (FAILS.test(ended) ? 1e6 : 0);
      for (const action of used)
        if ((known.get(action)?.cost ?? Number.POSITIVE_INFINITY) > cost) known.set(action, { name, ended, cost });
    }
    const wrong: string[] = [];
    for (const [action, { name, ended }] of known) {
      const rights = rightsOfScene(sceneOf(name));
      const without = await play(
        sceneOf(name),
        rights.filter((right) => right.action !== action),
      );
      if (!without.missing.includes(action) && !without.message.includes(action))
        wrong.push(`${action} is not named in ${name}`);
      // Schedules that cannot be moved take the deployment back.
      const ends = /^(?:events|scheduler|iam):/.test(action) ? /^(?:failed|rolled-back|[A-Z_]+)$/ : /^[A-Z_]+$/;
      const failed = ends.test(without.ended) && without.ended !== ended;
      const fails = FAILS.test(ended);
      const needed = rights.some((right) => right.action === action && right.needed);
      // A run that fails in any case may end with another error.
      if (fails ? needed && !failed : failed !== needed)
        wrong.push(
          `${action} is ${needed ? '' : 'not '}needed, but ${name} ended as ${without.ended}: ${without.message}`,
        );
    }
    expect(wrong).toEqual([]);
  },
  180_000,
);

const isNeeded = (rights: readonly Right[], action: string): boolean =>
  rights.some((right) => right.action === action && right.needed);

test.each(Object.keys(SCENES))('%s: allowed nothing, one run names all that it needs', async (name) => {
  const rights = rightsOfScene(sceneOf(name));
  const { used } = await playedWhole(name);
  const { missing, unasked } = await play(sceneOf(name), []);
  const needed = [...used].filter((action) => isNeeded(rights, action));
  expect(needed.filter((action) => !missing.includes(action))).toEqual([]);
  // And nothing that no such run asks for.
  const known = new Set([...rights.map(({ action }) => action), ...used]);
  expect(unasked.filter((action) => !known.has(action))).toEqual([]);
});

/** Of each mode, and of what the modes do differently. */
const TO_THE_END = [
  'a deploy of an image that is given, which fails and is rolled back',
  'an Express Mode service that is created by ECS with its revision, and deleted',
  'a deploy by CodeDeploy that fails',
  'a deploy that builds, creates its repository and waits for what ECR does with the image',
  'a deploy whose schedules follow it, by tag',
  'a plan of what runs already',
  'a build',
  'a registration that builds',
  'the status of a service',
  'a list',
  'a rollback',
  'a task of a file that does not end',
  'a continue of a deployment that waits at a hook',
  'a watch of a deployment that fails and is rolled back',
  'a daemon that fails',
];

test.each(TO_THE_END)('%s: what AWS or docker has answered is not missing', async (name) => {
  const rights = rightsOfScene(sceneOf(name));
  const { used } = await playedWhole(name);
  // The one that is asked for last: all others have been answered by then.
  const last = [...used].findLast((action) => isNeeded(rights, action));
  if (last === undefined) return;
  const allowed = rights.filter(({ action }) => action !== last);
  const without = await play(sceneOf(name), allowed);
  const answered = new Set(without.calls.flatMap((actions) => (actions.includes(last) ? [] : actions)));
  expect(without.missing).toContain(last);
  expect(without.unasked.filter((action) => answered.has(action) && action !== 'iam:PassRole')).toEqual([]);
});

test('the role that ECS moves traffic with has to be passed to ECS, not to its tasks', async () => {
  const scene = sceneOf('a deploy that divides its traffic');
  const rights = rightsOfScene(scene);
  const passes = rights.filter(
    ({ action, resources }) => action === 'iam:PassRole' && resources.includes(LOAD_BALANCER_ROLE),
  );
  expect(passes.map(({ condition }) => condition)).toEqual([
    { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } },
  ]);
  const without = await play(
    scene,
    rights.filter((right) => !passes.includes(right)),
  );
  expect(without.ended).toBe('ACCESS_DENIED');
  expect(without.message).toContain(LOAD_BALANCER_ROLE);
});

test('every call of an adapter is one of a policy', () => {
  const sources = readdirSync('src/adapters').map((file) => readFileSync(join('src/adapters', file), 'utf8'));
  const called = new Set(sources.flatMap((text) => text.match(/(?<=')[a-z0-9-]+:[A-Z][A-Za-z]+(?=')/g) ?? []));
  const allowed = new Set(Object.values(SCENES).flatMap((scene) => rightsOfScene(scene).map(({ action }) => action)));
  // What a failed run lists to name what was meant is a help, which no policy has to allow.
  // Who may assume a role is its trust policy; who the caller is needs no permission. HeadObject's right is GetObject.
  const elsewhere = [/^sts:/, /^s3:HeadObject$/, /^ecr-public:/, /^ecs:ListTaskDefinitionFamilies$/];
  expect([...called].filter((action) => !allowed.has(action) && !elsewhere.some((one) => one.test(action)))).toEqual(
    [],
  );
  expect(called.size).toBeGreaterThan(40);
});
