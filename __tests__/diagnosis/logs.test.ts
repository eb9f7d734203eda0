import { logLocation } from '../../src/diagnosis/logs.ts';
import type { Json } from '../../src/model.ts';

const locate = (logConfiguration: Json | undefined, name = 'app') =>
  logLocation(
    {
      family: 'web',
      containerDefinitions: [
        { name: 'other', image: 'x', logConfiguration: { logDriver: 'splunk' } },
        { name: 'app', image: 'x', ...(logConfiguration === undefined ? {} : { logConfiguration }) },
      ],
    },
    name,
    't1',
  );
const options = { 'awslogs-group': 'g', 'awslogs-region': 'r', 'awslogs-stream-prefix': 'p' };

test('awslogs: the stream of prefix, container and task', () => {
  expect(locate({ logDriver: 'awslogs', options })).toEqual({
    driver: 'awslogs',
    group: 'g',
    region: 'r',
    stream: 'p/app/t1',
  });
  expect(locate({ logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'p' } })).toEqual({
    driver: 'awslogs',
    group: '',
    region: '',
    stream: 'p/app/t1',
  });
});
test.each<[string, Json | undefined, string, string]>([
  [
    'without a prefix',
    { logDriver: 'awslogs', options: {} },
    'app',
    'The container app logs through awslogs: look there for task t1.',
  ],
  [
    'without options',
    { logDriver: 'awslogs' },
    'app',
    'The container app logs through awslogs: look there for task t1.',
  ],
  [
    'another driver',
    { logDriver: 'awsfirelens', options },
    'app',
    'The container app logs through awsfirelens: look there for task t1.',
  ],
  ['no driver', undefined, 'app', 'The container app has no logConfiguration, so its output cannot be read.'],
  ['another form', 'awslogs', 'app', 'The container app has no logConfiguration, so its output cannot be read.'],
  [
    'another container',
    { logDriver: 'awslogs', options },
    'other',
    'The container other logs through splunk: look there for task t1.',
  ],
  [
    'an unknown container',
    { logDriver: 'awslogs', options },
    'x',
    'The container x has no logConfiguration, so its output cannot be read.',
  ],
])('%s: a hint', (_, log, name, hint) => {
  expect(locate(log, name)).toMatchObject({ driver: hint.includes('has no') ? 'none' : 'other', hint });
});
