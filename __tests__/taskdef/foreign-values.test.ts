import { asFailure } from '../../src/failure.ts';
import { foreignIn } from '../../src/foreign-placeholders.ts';
import type { TemplateInputs } from '../../src/inputs/types.ts';
import type { Json, JsonObject } from '../../src/model.ts';
import { checked } from '../../src/taskdef/check.ts';
import { judgeForeign, type KnownNames, suspectsText } from '../../src/taskdef/foreign-values.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';

const INPUTS: TemplateInputs = {
  source: { kind: 'file', path: 'td.json' },
  images: [],
  variables: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
  tags: [],
};

/** What the log shows of a template: its mistakes, or its remark. */
function shown(definition: JsonObject, change: Partial<TemplateInputs> = {}): string {
  const variables = (change.listedVariables ?? []).map((name) => [name, 'value'] as const);
  const inputs = { ...INPUTS, ...change, variables: [...variables, ...(change.variables ?? [])] };
  const rendered = render(toTemplate(definition, 'td.json'), inputs, { builtIns: [['AWS_REGION', 'eu-west-1']] });
  try {
    checked(rendered, 'td.json', false);
  } catch (thrown) {
    return asFailure(thrown)
      .mistakes.map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`)
      .join('\n');
  }
  const unused = rendered.unusedVariables ?? [];
  return [
    ...(rendered.suspects ? [suspectsText('td.json', rendered.suspects)] : []),
    ...(unused.length > 0 ? [`unused: ${unused.join(', ')}`] : []),
  ].join('\n');
}
const task = (container: JsonObject, more: JsonObject = {}): JsonObject => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'nginx:1', memory: 128, ...container }],
  ...more,
});
const value = (text: string): JsonObject => task({ environment: [{ name: 'X', value: text }] });
const logs = (options: JsonObject, logDriver = 'awslogs'): JsonObject =>
  task({ logConfiguration: { logDriver, options: { ...(logDriver === 'awslogs' ? GROUP : {}), ...options } } });
const GROUP = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1' };

describe('a field that cannot hold it', () => {
  test.each<[string, JsonObject, string]>([
    [
      'a family',
      task({}, { family: 'web-<ENV>' }),
      'family: `<ENV>` is a placeholder that nothing has filled. Write `web-${ENV}` and `ENV=...` in the input `variables`.',
    ],
    [
      'a size',
      task({}, { cpu: '{{ cpu }}' }),
      'cpu: `{{ cpu }}` is a placeholder that nothing has filled. Write `${CPU}` and `CPU=...`',
    ],
    [
      'a number',
      task({ memory: '#MEMORY#' as Json }),
      'containerDefinitions[0].memory: `#MEMORY#` is a placeholder that nothing has filled. Write `${MEMORY}` and `MEMORY=...`',
    ],
    [
      'a port',
      task({ portMappings: [{ containerPort: '$PORT' }] }),
      'portMappings[0].containerPort: `$PORT` is a placeholder that nothing has filled. Write `${PORT}` and `PORT=...` in the input `variables`, or set `template-style: envsubst`, so that `$PORT` is a placeholder.',
    ],
    ['true or false', task({ essential: '%ESSENTIAL%' }), 'essential: `%ESSENTIAL%` is a placeholder'],
    [
      'one of a few words',
      task({}, { networkMode: '__NETWORK_MODE__' }),
      'networkMode: `__NETWORK_MODE__` is a placeholder that nothing has filled. Write `${NETWORK_MODE}`',
    ],
    [
      'a role',
      task({}, { taskRoleArn: 'arn:aws:iam::{{ must_env `ACCOUNT` }}:role/<ROLE>' }),
      'taskRoleArn: `{{ must_env `ACCOUNT` }}` and `<ROLE>` are placeholders that nothing has filled. Write `arn:aws:iam::${ACCOUNT}:role/${ROLE}` and `ACCOUNT=...`, `ROLE=...` in the input `variables`.',
    ],
    [
      'a secret',
      task(
        { secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/<ENV>/a' }] },
        { executionRoleArn: 'x' },
      ),
      'valueFrom: `<ENV>` is a placeholder that nothing has filled. Write `arn:aws:ssm:eu-west-1:123456789012:parameter/${ENV}/a`',
    ],
    [
      'a log group',
      logs({ 'awslogs-group': '/ecs/%ENV%' }),
      'awslogs-group: `%ENV%` is a placeholder that nothing has filled. Write `/ecs/${ENV}`',
    ],
    [
      'a region',
      logs({ 'awslogs-region': '${AWS::Region}' }),
      'awslogs-region: `${AWS::Region}` is a placeholder that nothing has filled. Write `${AWS_REGION}`.',
    ],
    [
      'a file system',
      task({}, { volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: '{EFS_ID}' } }] }),
      'fileSystemId: `{EFS_ID}` is a placeholder that nothing has filled. Write `${EFS_ID}`',
    ],
    [
      'a tag',
      task({}, { tags: [{ key: 'team', value: '<TEAM>' }] }),
      'tags: `team`: `<TEAM>` is a placeholder that nothing has filled. Write `${TEAM}` and `TEAM=...`',
    ],
    [
      'an account',
      task({}, { taskRoleArn: 'arn:aws:iam::ACCOUNT_ID:role/web' }),
      'taskRoleArn: `ACCOUNT_ID` is a placeholder that nothing has filled. Write `arn:aws:iam::${ACCOUNT_ID}:role/web`',
    ],
    [
      'a Region and an account',
      task(
        { secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:REGION:ACCOUNT:parameter/a' }] },
        { executionRoleArn: 'x' },
      ),
      'valueFrom: `REGION` and `ACCOUNT` are placeholders that nothing has filled. Write `arn:aws:ssm:${AWS_REGION}:${ACCOUNT}:parameter/a`',
    ],
    [
      'a queue',
      value('https://sqs.REGION.amazonaws.com/123456789012/jobs'),
      'value: `REGION` is a placeholder that nothing has filled. Write `${AWS_REGION}`.',
    ],
    [
      'an ARN',
      task({}, { taskRoleArn: '__TASK_ROLE_ARN__' }),
      'taskRoleArn: `__TASK_ROLE_ARN__` is a placeholder that nothing has filled. Write `${TASK_ROLE_ARN}`',
    ],
    [
      'the ARN of a secret',
      task({ secrets: [{ name: 'A', valueFrom: '__SECRET_ARN__:key::' }] }, { executionRoleArn: 'x' }),
      'valueFrom: `__SECRET_ARN__` is a placeholder that nothing has filled. Write `${SECRET_ARN}:key::`',
    ],
    [
      'a size in underscores',
      task({}, { cpu: '__CPU__' }),
      'cpu: `__CPU__` is a placeholder that nothing has filled. Write `${CPU}`',
    ],
    [
      'a Region by another name',
      logs({ 'awslogs-region': '{{ region }}' }),
      'awslogs-region: `{{ region }}` is a placeholder that nothing has filled. Write `${AWS_REGION}`.',
    ],
    ['a name with a default', task({}, { family: '{{ env `FAMILY` `web` }}' }), 'Write `${FAMILY:-web}`.'],
  ])('%s', (_, definition, says) => {
    const text = shown(definition);
    expect(text).toContain(says);
    expect(text.split('\n')).toHaveLength(1);
  });

  test.each<[string, JsonObject]>([
    [
      'a JSON key of a secret',
      task(
        { secrets: [{ name: 'A', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef:$key::' }] },
        { executionRoleArn: 'x' },
      ),
    ],
    ['a log group with #', logs({ 'awslogs-group': '/ecs/#web#' })],
    ['a prefix of underscores in a role', task({}, { taskRoleArn: 'web@acme@' })],
  ])('%s holds what it is given', (_, definition) => {
    expect(shown(definition)).toBe('');
  });
});

describe('any other value', () => {
  test.each([
    '<DB_HOST>',
    '{{ db_host }}',
    '{{ .DbHost }}',
    '$DB_HOST',
    '#DB_HOST#',
    '%DB_HOST%',
    '__DB_HOST__',
    '@@DB_HOST@@',
    '#{DbHost}#',
    '[DB_HOST]',
    '<%= db_host %>',
  ])('%s is refused where the variable was given', (text) => {
    expect(shown(value(text), { listedVariables: ['DB_HOST'] })).toContain(
      `containerDefinitions[0].environment[0].value: \`${text}\` is a placeholder that nothing has filled. Write \`\${DB_HOST}\``,
    );
  });

  test('the value around it, which may be secret, is not shown', () => {
    const text = shown(value('postgres://admin:hunter2@<DB_HOST>/app'), { listedVariables: ['DB_HOST'] });
    expect(text).toContain('Write `${DB_HOST}`.');
    expect(text).not.toContain('hunter2');
  });

  test.each([
    '<DB_HOST>',
    'http://<DB_HOST>:80',
    '{{ db_host }}',
    '{{ must_env `DB_HOST` }}',
    '__DB_HOST__',
    'x-@@DB_HOST@@',
    '$DB_HOST',
    '%DB_HOST%',
    '${var.db_host}',
    '${self:custom.dbHost}',
  ])('%s without such a variable is remarked', (text) => {
    const remark = shown(value(text));
    expect(remark).toContain(
      'in containerDefinitions[0].environment[0].value (write `${DB_HOST}`) is left as it is. If it is a placeholder, replace it and give `DB_HOST=...` in the input `variables`.',
    );
    expect(remark.split('\n')).toHaveLength(1);
  });

  test.each([
    '<b>bold</b>',
    '<CONFIG><DB>x</DB></CONFIG>',
    'Team <team@example.com>',
    'a < b and c > d',
    '$remote_addr - $host',
    '%Y-%m-%dT%H:%M:%S',
    'GET|POST|PUT',
    '{"level":"{level}"}',
    'pa$WORD!',
    '{{.Names}} is a name',
    'a%2Fb%2Fc',
    '__main__',
    '[error]',
    '100%',
    '#fff#',
  ])('%s is left alone', (text) => {
    expect(shown(value(text))).toBe('');
  });

  test('a variable that came with others is no proof', () => {
    const text = shown(value('http://{{ host }}/'), { variables: [['HOST', 'x']] });
    expect(text).toBe('');
    expect(shown(value('{{ host }}'), { variables: [['HOST', 'x']] })).toContain(
      '(write `${HOST}`) is left as it is. If it is a placeholder, replace it.',
    );
  });

  test('several are one line', () => {
    const many = task({ environment: [...'ABCDEFG'].map((name) => ({ name, value: `<VALUE_${name}>` })) });
    const text = shown(many);
    expect(text).toContain(
      'and 2 more are left as they are. Where one is a placeholder, replace it and give `VALUE_A=...`',
    );
    expect(text.split('\n')).toHaveLength(1);
  });

  test('what the inputs put in its place counts', () => {
    const definition = task(
      {
        environment: [
          { name: 'A', value: '<A_VALUE>' },
          { name: 'B', value: '<B_VALUE>' },
        ],
      },
      { taskRoleArn: '<ROLE>', tags: [{ key: 'team', value: '<TEAM>' }] },
    );
    const edits = { ...INPUTS.edits, environmentVariables: [['A', '1'] as const], secrets: [['B', 'b'] as const] };
    expect(shown(definition, { edits, taskRoleArn: 'role', executionRoleArn: 'role', tags: [['team', 'web']] })).toBe(
      '',
    );
  });

  test('a live revision says what it means', () => {
    expect(shown(task({ environment: [{ name: 'X', value: '<X>' }] }), { source: { kind: 'service' } })).toBe('');
  });
});

describe("the container's shell", () => {
  const command = (text: string, environment: JsonObject[] = []): JsonObject =>
    task({ command: ['sh', '-c', text], environment });

  test.each([
    'exec app --port $PORT',
    'cat < in > out',
    'echo ${x%.*} $(DATE) [A] %A%',
    'python -c "if __name__ == 1: pass"',
  ])('%s is its own', (text) => {
    expect(shown(command(text))).toBe('');
  });

  test('with a variable of that name it is remarked, unless the container has it or the template asks for it', () => {
    const change = { listedVariables: ['PORT'] };
    expect(shown(command('app $PORT'), change)).toContain(
      '`$PORT` in containerDefinitions[0].command[2] (write `${PORT}`) is left as it is',
    );
    expect(shown(command('app $PORT'), change)).not.toContain('unused');
    expect(shown(command('app $PORT', [{ name: 'PORT', value: '${PORT}' }]), change)).toBe('');
    expect(shown(command('app $PORT; ${PORT}'), change)).toBe('');
    expect(shown(command('app $PORT', [{ name: 'PORT', value: '1' }]), change)).toBe('unused: PORT');
  });

  test('other forms are placeholders where the variable was given', () => {
    expect(shown(command('app {{ port }}'), { listedVariables: ['PORT'] })).toContain(
      'command[2]: `{{ port }}` is a placeholder',
    );
    expect(shown(command('app __PORT__'))).toContain(
      '`__PORT__` in containerDefinitions[0].command[2] (write `${PORT}`)',
    );
  });
});

describe('an environment variable', () => {
  test('that takes its own name is an unfilled one; one that refers to another may be expanded by the program', () => {
    const environment = (list: JsonObject[]): JsonObject => task({ environment: list });
    const change = { listedVariables: ['DB_HOST'] };
    const own = { name: 'DB_HOST', value: '$DB_HOST' };
    expect(shown(environment([own]), change)).toContain('environment[0].value: `$DB_HOST` is a placeholder');
    const url = { name: 'URL', value: 'http://$DB_HOST' };
    expect(shown(environment([url]), change)).toContain('environment[0].value: `$DB_HOST` is a placeholder');
    expect(shown(environment([url, { name: 'DB_HOST', value: '${DB_HOST}' }]), change)).toContain(
      '`$DB_HOST` in containerDefinitions[0].environment[0].value (write `${DB_HOST}`) is left as it is',
    );
  });

  test('with template-style: envsubst `$X` is ours, and `$$X` the text', () => {
    const change = { style: 'envsubst', listedVariables: ['DB_HOST'] } as const;
    expect(shown(value('$DB_HOST $$DB_HOST'), change)).toBe('');
  });
});

describe('log drivers have templates of their own', () => {
  test.each<[string, JsonObject]>([
    ['a tag of Docker', logs({ tag: '{{.Name}}/{{.ID}}' }, 'fluentd')],
    ['a key of Fluent Bit', logs({ s3_key_format: '/$TAG/%Y/%m/%d/$UUID.gz' }, 'awsfirelens')],
    ['a format of time', logs({ 'awslogs-datetime-format': '%Y%m%dT%H%M%S' })],
    ['a pattern', logs({ 'awslogs-multiline-pattern': '^[INFO] <WARN>' })],
  ])('%s', (_, definition) => {
    expect(shown(definition)).not.toContain('write `$');
    expect(shown(definition, { listedVariables: ['NAME', 'TAG', 'Y', 'INFO'] })).not.toContain('is a placeholder that');
  });
});

test('values of inputs are judged by what they are for', () => {
  const edits = {
    ...INPUTS.edits,
    secrets: [['A', 'arn:aws:ssm:eu-west-1:123456789012:parameter/$ENV/a'] as const],
    logOptions: [['awslogs-group', '/ecs/<ENV>'] as const, ['awslogs-region', 'eu-west-1'] as const],
    dockerLabels: [['a', '<b>'] as const],
  };
  expect(shown(task({}), { edits, executionRoleArn: 'x' }).split('\n')).toEqual([
    'secrets: `A`: `$ENV` is a placeholder that nothing has filled. Write `arn:aws:ssm:eu-west-1:123456789012:parameter/${ENV}/a` and `ENV=...` in the input `variables`, or `${{ env.ENV }}` for what the job has in its environment.',
    'log-configuration-options: `awslogs-group`: `<ENV>` is a placeholder that nothing has filled. Write `/ecs/${ENV}` and `ENV=...` in the input `variables`.',
  ]);
});

describe('a text that has the name of a variable by chance', () => {
  test('is a mistake that says how to keep it', () => {
    expect(shown(value('pa$TAG'), { listedVariables: ['TAG'] })).toBe(
      'containerDefinitions[0].environment[0].value: `$TAG` is a placeholder that nothing has filled. Write `${TAG}`, or set `template-style: envsubst`, so that `$TAG` is a placeholder. If it is meant as it is, give the variable `TAG` another name.',
    );
    expect(shown(value('%%HOST%%:%PORT%'), { listedVariables: ['HOST', 'PORT', 'OTHER'] })).toMatch(
      /If they are meant as they are, give the variables `HOST`, `PORT` another name\.$/,
    );
    expect(shown(task({}, { family: 'web-<ENV>' }), { listedVariables: ['ENV'] })).not.toContain('another name');
  });
  test('is left alone where Datadog fills it', () => {
    const label = (text: string): JsonObject => task({ dockerLabels: { 'com.datadoghq.ad.instances': text } });
    const change = { listedVariables: ['HOST', 'PORT'] };
    expect(shown(label('[{"url": "http://%%host%%:%%port_0%%/metrics"}]'))).toBe('');
    expect(shown(label('[{"url": "http://%%host%%/metrics"}]'), change)).not.toContain('nothing has filled');
    expect(shown(label('%%env_DB_HOST%%'), { listedVariables: ['ENV_DB_HOST'] })).not.toContain('nothing has filled');
    expect(shown(label('%%HOST%%'), change)).toContain('`%%HOST%%` is a placeholder that nothing has filled');
  });
  test('is left to cmd.exe where the container sets it itself', () => {
    const environment = [{ name: 'PORT', value: '${PORT}' }];
    const command = ['cmd', '/S', '/C', 'serve.exe --port %PORT%'];
    const change = { listedVariables: ['PORT'] };
    expect(shown(task({ command, environment }), change)).not.toContain('nothing has filled');
    expect(shown(task({ command }), change)).toContain('`%PORT%` is a placeholder that nothing has filled');
  });
});

const NONE_KNOWN = {
  where: 'file',
  listed: [],
  others: [],
  asked: new Set<string>(),
  ownOf: () => new Set<string>(),
} as const;

/** Whether `text` is certainly an unfilled placeholder at `path` of a file, without any variable. */
function isRefused(path: string, text: string, known: Partial<KnownNames> = {}, type = 'string'): boolean {
  const value = { path, type, given: text, filled: text, found: foreignIn(text) };
  expect(value.found).not.toEqual([]);
  return judgeForeign([value], { ...NONE_KNOWN, ...known }).mistakes.length > 0;
}

describe('fields of a certain grammar refuse placeholders with other characters, and keep those that they may hold', () => {
  test.each<[string, string, string]>([
    ['family', '__X_Y__', '#X_Y#'],
    ['containerOverrides[12].name', '__X_Y__', '@X_Y@'],
    ['containerDefinitions[12].name', '__X_Y__', '@X_Y@'],
    ['volumes[12].name', '__X_Y__', '%X_Y%'],
    ['containerDefinitions[0].portMappings[12].name', '__X_Y__', '%X_Y%'],
    ['containerDefinitions[0].mountPoints[0].sourceVolume', '__X_Y__', '<X_Y>'],
    ['serviceConnectConfiguration.services[0].portName', '__X_Y__', '<X_Y>'],
    ['capacityProviderStrategy[0].capacityProvider', '__X_Y__', '<X_Y>'],
    ['loadBalancers[0].containerName', '__X_Y__', '{X_Y}'],
    ['containerDefinitions[0].volumesFrom[0].sourceContainer', '__X_Y__', '{X_Y}'],
    ['infrastructureRole', '@X_Y@', '#X_Y#'],
    ['role', '@X_Y@', '#X_Y#'],
    ['taskRoleArn', '@X_Y@', '%X_Y%'],
    ['targetGroupArns[12]', '@X_Y@', '%X_Y%'],
    ['volumes[0].efsVolumeConfiguration.fileSystemId', '@X_Y@', '<X_Y>'],
    ['volumes[0].efsVolumeConfiguration.authorizationConfig.accessPointId', '@X_Y@', '<X_Y>'],
    ['containerDefinitions[0].repositoryCredentials.credentialsParameter', '@X_Y@', '<X_Y>'],
    ['containerDefinitions[0].secrets[0].valueFrom', '@X_Y@', '<X_Y>'],
    ['containerDefinitions[0].environmentFiles[12].value', '@@X_Y@@', '<X_Y>'],
    ['networkConfiguration.awsvpcConfiguration.subnets[12]', '__X_Y__', '<X_Y>'],
    ['networkConfiguration.awsvpcConfiguration.SecurityGroups[0]', '__X_Y__', '@X_Y@'],
    ['platformVersion', '__X_Y__', '%X_Y%'],
    ['loadBalancers[0].containerPort', '__X_Y__', '%X_Y%'],
    ['containerDefinitions[0].portMappings[0].containerPortRange', '__X_Y__', '%X_Y%'],
    ['cluster', '__X_Y__', '%X_Y%'],
    ['containerDefinitions[0].logConfiguration.options.awslogs-group', '#X_Y#', '@X_Y@'],
    ['containerDefinitions[0].logConfiguration.options.mode', '__X_Y__', '#X_Y#'],
    ['containerDefinitions[0].logConfiguration.options.max-buffer-size', '__X_Y__', '#X_Y#'],
    ['tags[12].key', '@X_Y@', '#X_Y#'],
    ['tags[12].value', '@X_Y@', '#X_Y#'],
    ['Hooks[0].BeforeInstall', '__X_Y__', '#X_Y#'],
  ])('%s may hold %s and not %s', (path, kept, refused) => {
    expect([isRefused(path, kept), isRefused(path, refused)]).toEqual([false, true]);
  });
  test.each([
    ['cpu', '__X__'],
    ['memory', '#M#'],
    ['containerDefinitions[0].logConfiguration.options.awslogs-region', '__X__'],
    ['containerDefinitions[0].logConfiguration.options.awslogs-region', '#REGION#'],
  ])('%s cannot be %s', (path, text) => expect(isRefused(path, text)).toBe(true));
  test.each([
    'containerDefinitions[0].environment[0].value',
    'containerDefinitions[0].hostname',
    'tags[0].keys',
    'volumes[0].name.x',
    'containerDefinitions[0].secrets[0].name',
    'app.memory',
    'networkConfiguration.subnets[0].x',
    'notHooks',
    'my-cluster',
  ])('%s holds any text', (path) => expect(isRefused(path, '#X_Y#')).toBe(false));
  test.each(['integer', 'boolean', 'NetworkMode', 'integer[]'])('%s is no text', (type) =>
    expect(isRefused('x', '__X_Y__', {}, type)).toBe(true),
  );
  test.each(['string', 'string[]', 'map', 'any', ''])('%j may be one', (type) =>
    expect(isRefused('x', '__X_Y__', {}, type)).toBe(false),
  );
});

test.each(['app.port', 'com.acme.role', 'family', 'arn'])('a label may be called %s and holds any text', (name) => {
  expect(shown(task({ dockerLabels: { [name]: '%%port%%' } }))).toBe('');
  expect(shown(logs({ [name]: '$TAG' }, 'fluentd'))).toBe('');
});

test('what remarks and mistakes advise in an input that GitHub fills', () => {
  const given = (path: string, text: string, known: Partial<KnownNames>) => {
    const value = { path, type: 'string', given: text, filled: text, found: foreignIn(text) };
    const { mistakes, suspects } = judgeForeign([value], { ...NONE_KNOWN, ...known });
    return [...mistakes.map(({ remedy }) => remedy), ...suspects.map(({ form }) => form)];
  };
  expect(given('role', '<ROLE_NAME>', { where: 'workflow' })).toEqual(['Write `${{ env.ROLE_NAME }}`.']);
  expect(given('role', '$ROLE_NAME', { where: 'workflow' })).toEqual(['Write `${{ env.ROLE_NAME }}`.']);
  // One is certain by its field, so another name would not help.
  expect(given('taskRoleArn', '<ROLE_NAME>@TEAM@', { listed: ['TEAM', 'ROLE_NAME'] })[0]).not.toContain('another name');
});

describe('a name that has a value already', () => {
  test.each([
    ['ACCOUNT', 'AWS_ACCOUNT_ID'],
    ['ACCOUNT_ID', 'AWS_ACCOUNT_ID'],
    ['ACCOUNTID', 'AWS_ACCOUNT_ID'],
    ['AWS_ACCOUNT', 'AWS_ACCOUNT_ID'],
    ['REGION', 'AWS_REGION'],
    ['AWS_DEFAULT_REGION', 'AWS_REGION'],
    ['AWSLOGS_REGION', 'AWS_REGION'],
    ['MY_REGION', undefined],
    ['REGIONS', undefined],
    ['MY_ACCOUNT_ID', undefined],
    ['ACCOUNT_IDS', undefined],
  ])('%s is %s', (name, builtIn) => {
    const others = ['AWS_ACCOUNT_ID', 'AWS_REGION'];
    const text = `<${name}>`;
    const value = { path: 'x', type: 'string', given: text, filled: text, found: foreignIn(text) };
    const { suspects } = judgeForeign([value], {
      where: 'file',
      listed: [],
      others,
      asked: new Set(),
      ownOf: () => new Set(),
    });
    expect(suspects).toEqual([
      { path: 'x', text, ...(builtIn ? { form: `\${${builtIn}}` } : { form: `\${${name}}`, variable: name }) },
    ]);
  });
});

describe('in any value', () => {
  const environment = 'containerDefinitions[0].environment[0].value';
  const isRemarked = (text: string, path = environment, listed: readonly string[] = []): boolean => {
    const value = { path, type: 'string', given: text, filled: text, found: foreignIn(text) };
    const known = {
      where: 'file',
      listed,
      others: [],
      asked: new Set<string>(),
      ownOf: () => new Set<string>(),
    } as const;
    return judgeForeign([value], known).suspects.length > 0;
  };
  test.each(['<host>', '<Db Host.name-1>', ' <host> '])('%j is remarked', (text) =>
    expect(isRemarked(text)).toBe(true),
  );
  test.each(['<1host>', '<host=1>', 'x <host>', '<host> x', '<a href>x', '<host, port>'])('%j is not', (text) =>
    expect(isRemarked(text)).toBe(false),
  );
  test('an image has rules of its own; another member of that name has not', () => {
    expect(isRemarked('<IMAGE>', 'containerDefinitions[12].image')).toBe(false);
    expect(isRemarked('<IMAGE>', 'x.containerDefinitions[0].image')).toBe(true);
    expect(isRemarked('<IMAGE>', 'containerDefinitions[0].image.x')).toBe(true);
  });
  test('the twelfth word of a command is read by the shell, too', () => {
    for (const path of ['containerDefinitions[0].command[12]', 'containerDefinitions[0].entryPoint[12]'])
      expect(isRemarked('$PORT_NUMBER', path)).toBe(false);
    expect(isRemarked('$PORT_NUMBER', 'containerDefinitions[0].command[0].x')).toBe(true);
  });
  test('an option of a log driver has `$(x)` and `{{.X}}`, and no `{{ X }}`', () => {
    const option = 'containerDefinitions[0].logConfiguration.options.tag';
    expect(['$(TAG)', '{{.Name}}', '$TAG'].map((text) => isRemarked(text, option))).toEqual([false, false, false]);
    expect(['{{ NAME }}', '{{ f `x` }}', '%NAME%'].map((text) => isRemarked(text, option))).toEqual([true, true, true]);
    expect(isRemarked('$(TAG)', option, ['TAG'])).toBe(true);
  });
  test('text around what Datadog fills is not its own', () => {
    const label = 'containerDefinitions[0].dockerLabels.x';
    for (const text of ['%%host%%', '%%port_0%%', '%%env_DB_HOST%%', '%%pid%%', '%%hostname%%', '%%kube_x%%'])
      expect(isRemarked(text, label, ['HOST'])).toBe(text === '%%host%%');
    expect(isRemarked('%%DB_HOST%%', label)).toBe(true);
  });
});

test('where two placeholders are one value, each is named once', () => {
  expect(shown(task({}, { family: '<APP>-<ENV>-<APP>' }))).toBe(
    'family: `<APP>` and `<ENV>` are placeholders that nothing has filled. Write `${APP}-${ENV}-${APP}` and `APP=...`, `ENV=...` in the input `variables`.',
  );
  expect(shown(value('a-<APP>-<ENV>'), { listedVariables: ['APP', 'ENV'] })).toContain('Write `${APP}` and `${ENV}`.');
});

test('a placeholder of ERB inside of a text is one where its variable is given', () =>
  expect(shown(value('db at <%= host %>:5432'), { listedVariables: ['HOST'] })).toContain(
    '`<%= host %>` is a placeholder that nothing has filled',
  ));
