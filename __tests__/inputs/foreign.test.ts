import { Failure, type Mistake } from '../../src/failure.ts';
import { FOREIGN_INPUTS, foreignInput, nearForeign, withAliases } from '../../src/inputs/foreign.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { STRUCTURES } from '../../src/taskdef/schema.generated.ts';
import { CONTEXT } from '../support/world.ts';

/** The inputs of the action.yml files of July and August 2026. */
const OFFICIAL: Readonly<Record<string, string>> = {
  'aws-actions/configure-aws-credentials v6':
    'aws-region aws-profile overwrite-aws-profile role-to-assume aws-access-key-id aws-secret-access-key aws-session-token web-identity-token-file role-chaining audience http-proxy no-proxy mask-aws-account-id role-duration-seconds role-external-id role-session-name role-skip-session-tagging transitive-tag-keys inline-session-policy managed-session-policies output-credentials output-env-credentials unset-current-credentials disable-retry retry-max-attempts special-characters-workaround use-existing-credentials allowed-account-ids force-skip-oidc action-timeout-s custom-tags sts-endpoint',
  'aws-actions/amazon-ecr-login v2': 'http-proxy mask-password registries registry-type skip-logout',
  'docker/setup-qemu-action v4': 'image platforms reset cache-image',
  'docker/setup-buildx-action v4':
    'version driver driver-opts buildkitd-flags buildkitd-config buildkitd-config-inline use name endpoint platforms append keep-state cache-binary cleanup',
  'docker/build-push-action v7':
    'add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent context file labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secrets secret-envs secret-files shm-size ssh tags target ulimit github-token',
  'docker/metadata-action v6':
    'context images tags flavor labels annotations sep-tags sep-labels sep-annotations bake-target github-token',
  'docker/login-action v4': 'registry username password ecr scope logout registry-auth',
  'aws-actions/amazon-ecs-render-task-definition v1':
    'task-definition task-definition-arn task-definition-family task-definition-revision container-name image environment-variables log-configuration-log-driver log-configuration-options docker-labels command task-role-arn execution-role-arn env-files secrets',
  'aws-actions/amazon-ecs-deploy-task-definition v2':
    'task-definition desired-count service cluster wait-for-service-stability wait-for-minutes wait-max-delay-seconds codedeploy-appspec codedeploy-application codedeploy-deployment-group codedeploy-deployment-description codedeploy-deployment-config force-new-deployment service-managed-ebs-volume-name service-managed-ebs-volume run-task run-task-container-overrides run-task-security-groups run-task-subnets run-task-assign-public-IP run-task-capacity-provider-strategy run-task-launch-type run-task-started-by run-task-tags run-task-managed-ebs-volume-name run-task-managed-ebs-volume wait-for-task-stopped enable-ecs-managed-tags propagate-tags keep-null-value-keys max-retries',
  'aws-actions/amazon-ecs-deploy-express-service v1':
    'image execution-role-arn infrastructure-role-arn service service-name cluster container-port environment-variables secrets command cpu memory task-role-arn subnets security-groups health-check-path min-task-count max-task-count auto-scaling-metric auto-scaling-target-value wait-for-deployment wait-for-minutes',
};
const base = { service: 'web', 'aws-region': 'eu-central-1' };

function parse(given: Readonly<Record<string, string>>) {
  return parseInputs(new Map(Object.entries(given)), { context: CONTEXT, env: {} });
}
function mistakes(given: Readonly<Record<string, string>>): readonly Mistake[] {
  try {
    parse(given);
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.mistakes;
    throw thrown;
  }
}

describe.each(Object.entries(OFFICIAL))('%s', (_, inputs) => {
  test('every input is one of ours, or is refused with what takes its place', () => {
    const names = inputs.split(' ').map((name) => name.toLowerCase()); // as `inputsOf` reads them
    const foreign = names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name));
    const told = mistakes({ ...base, ...Object.fromEntries(foreign.map((name) => [name, 'true'])) });
    expect(told.map(({ subject }) => subject).sort()).toEqual([...foreign].sort());
    const actions = Object.keys(OFFICIAL).map((action) => action.replace(/ v\d+$/, ''));
    for (const { problem, remedy } of told) {
      expect([...actions, 'other ECS deploy tools']).toContain(/\(it is one of ([^)]+)\)/.exec(problem)?.[1]);
      expect(problem).toContain('is not an input of this action');
      expect(remedy?.length).toBeGreaterThan(20);
    }
  });
});

test('every name of the table is refused, in each spelling, and what it points to is an input of ours', () => {
  expect(FOREIGN_INPUTS.length).toBeGreaterThan(200);
  for (const name of FOREIGN_INPUTS) {
    expect(INPUT_NAMES).not.toContain(name);
    for (const spelling of [name, name.replaceAll('-', '_'), name.replaceAll('-', ''), name.toUpperCase()]) {
      const [first, ...more] = mistakes({ ...base, [spelling.toLowerCase()]: 'x' });
      expect([spelling, first?.subject, more]).toEqual([spelling, spelling.toLowerCase(), []]);
    }
    const { remedy = '' } = foreignInput(name) ?? {};
    for (const [, own = ''] of remedy.matchAll(/[Uu]se `([a-z-]*)[`:]/g)) {
      expect(INPUT_NAMES).toContain(own);
    }
  }
});

test('whose an input is', () => {
  for (const [action, inputs] of Object.entries(OFFICIAL)) {
    const names = inputs.split(' ').filter((name) => !(INPUT_NAMES as readonly string[]).includes(name.toLowerCase()));
    // The first owner of a name that several actions have is told.
    expect(names.map((name) => foreignInput(name)?.owner)).toContain(action.replace(/ v\d+$/, ''));
  }
  for (const [name, owner] of [
    ['run-task-x', 'aws-actions/amazon-ecs-deploy-task-definition'],
    ['codedeploy-x', 'aws-actions/amazon-ecs-deploy-task-definition'],
    ['dry-run-x', 'other ECS deploy tools'],
    ['enable-circuit-breaker', 'other ECS deploy tools'],
    ['min-healthy-percent', 'other ECS deploy tools'],
    ['network-configuration', 'the ECS API'],
    ['ref', 'other actions'],
    ['kubeconfig', 'Kubernetes tools'],
    ['terraform-version', 'infrastructure tools'],
  ])
    expect([name, foreignInput(name ?? '')?.owner]).toEqual([name, owner]);
});

test.each(['my-codedeploy', 'my-dry-run-x', 'my-run-task', 'loads', 'scop', 'no-ecr', 'push1', 'usexx', 'pre-no-push'])(
  '%s only resembles a name of others',
  (name) => expect(foreignInput(name) ?? nearForeign(name)).toBeUndefined(),
);

test('one letter beside a longer name of others is a typing error of it', () => {
  const { remedy } = foreignInput('registry') ?? {};
  for (const name of ['registr', 'registryy', 'regixtry', 'regitsry']) expect(nearForeign(name)?.remedy).toBe(remedy);
  expect(nearForeign('regixxry')).toBeUndefined();
});

test.each([
  ['one letter beside a name of ours, and beside one of others', 'imags', 'Did you mean `image`?'],
  ['one letter beside a name of others, two beside one of ours', 'image-ur', 'Use `image` instead.'],
])('%s: %s', (_, name, remedy) => {
  const [first] = mistakes({ ...base, [name]: 'x' });
  expect(first?.remedy).toContain(remedy);
});

test.each([
  ['dry-run', 'mode: plan'],
  ['dryRun', 'mode: plan'],
  ['dry-runs', 'mode: plan'],
  ['push', 'always pushes'],
  ['run-task-something-new', 'mode: task'],
  ['codedeploy-something-new', 'codedeploy-appspec'],
  ['task-definition-revision', 'task-definition-arn: FAMILY:REVISION'],
  ['min-healthy-percent', '`minimum-healthy-percent`'],
  ['load', 'docker/build-push-action'],
  ['driver-opts', 'builder: ${{ steps.buildx.outputs.name }}'],
  ['flavor', 'tags: ${{ steps.meta.outputs.tag-names }}'],
  ['task_definition', '`task-definition`'],
  ['waitForMinutes', '`wait-for-minutes`'],
  ['clutser', '`cluster`'],
])('%s: %s', (name, words) => {
  const told = mistakes({ ...base, [name.toLowerCase()]: 'false' });
  expect(told).toHaveLength(1);
  expect(told[0]?.remedy).toContain(words);
});

const hyphenated = (field: string): string => field.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
const UPDATE_SERVICE =
  'availabilityZoneRebalancing capacityProviderStrategy deploymentConfiguration networkConfiguration placementConstraints placementStrategy deploymentController loadBalancers serviceRegistries serviceConnectConfiguration volumeConfigurations vpcLatticeConfigurations bakeTimeInMinutes lifecycleHooks linearConfiguration canaryConfiguration';

test('every field of the ECS API that would change what is deployed is an input of ours, or is refused', () => {
  const fields = ['RegisterTaskDefinitionRequest', 'ContainerDefinition'].flatMap((name) =>
    Object.keys(STRUCTURES[name]?.members ?? {}),
  );
  expect(fields.length).toBeGreaterThan(50);
  const taken = [...fields, ...UPDATE_SERVICE.split(' ')]
    .map(hyphenated)
    .filter(
      (name) => !(INPUT_NAMES as readonly string[]).includes(name) && mistakes({ ...base, [name]: 'x' }).length === 0,
    );
  expect(taken).toEqual([]);
});

test.each([
  ['no-push', 'always pushes'],
  ['skip_wait', '`wait-for-service-stability`'],
  ['disable-rollback', '`rollback-on-failure'],
  ['enable-circuit-breaker', '`circuit-breaker`'],
  ['skip-preflight', '`preflight: false`'],
  ['ref', 'actions/checkout'],
  ['if', 'beside `with:`'],
  ['image-digest', '`image`'],
])('%s decides what a run does: %s', (name, words) => {
  const told = mistakes({ ...base, [name]: 'false' });
  expect(told.map(({ subject }) => subject)).toEqual([name]);
  expect(told[0]?.remedy).toContain(words);
});

test('all at once, with where an input can come from that the workflow does not set', () => {
  try {
    parse({ 'dry-run': 'true', push: 'false', clutser: 'prod', 'aws-region': 'eu-central-1' });
    throw new Error('taken');
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    expect(thrown.mistakes.map(({ subject }) => subject)).toEqual(['dry-run', 'push', 'clutser', 'service']);
    expect(thrown.describe()).toContain('INPUT_...');
  }
});

test('what resembles nothing is a warning: a self-hosted runner may have such a variable', () => {
  for (const name of ['jfrog-url', 'x', 'who-to-greet', 'sonar.host']) {
    const { warnings } = parse({ ...base, [name]: 'x' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`INPUT_${name.toUpperCase()}`);
  }
});

describe('names of aws-actions/amazon-ecs-deploy-express-service', () => {
  const named = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(withAliases(new Map(Object.entries(given))));
  const ROLE = { 'infrastructure-role-arn': 'arn:aws:iam::123456789012:role/x' };

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['service-name is the service', { 'service-name': 'web' }, { 'service-name': 'web', service: 'web' }],
    ['beside an empty service', { 'service-name': 'web', service: ' ' }, { 'service-name': 'web', service: 'web' }],
    ['not beside a service', { 'service-name': 'web', service: 'app' }, { 'service-name': 'web', service: 'app' }],
    ['tags of Express Mode', { ...ROLE, tags: 'team=web' }, { ...ROLE, 'express-tags': 'team=web' }],
    ['as JSON', { ...ROLE, tags: ' [ {"key": "a"} ]' }, { ...ROLE, 'express-tags': ' [ {"key": "a"} ]' }],
    ['by `express`', { express: ' True ', tags: 'a=b' }, { express: ' True ', 'express-tags': 'a=b' }],
    ['not by another word', { express: 'untrue', tags: 'a=b' }, { express: 'untrue', tags: 'a=b' }],
    ['tags of an image', { ...ROLE, tags: 'v1\nlatest' }, { ...ROLE, tags: 'v1\nlatest' }],
    ['tags of an image before a setting', { ...ROLE, tags: 'v1\na=b' }, { ...ROLE, tags: 'v1\na=b' }],
    ['tags without Express Mode', { tags: 'team=web' }, { tags: 'team=web' }],
    ['an empty role', { 'infrastructure-role-arn': '', tags: 'a=b' }, { 'infrastructure-role-arn': '', tags: 'a=b' }],
    [
      'tags beside express-tags',
      { ...ROLE, tags: 'a=b', 'express-tags': 'c=d' },
      { ...ROLE, tags: 'a=b', 'express-tags': 'c=d' },
    ],
  ])('%s', (_, given, expected) => expect(named(given)).toEqual(expected));
});
