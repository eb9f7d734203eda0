import type { Resources } from '../ports.ts';
import { createAlarms } from './alarms.ts';
import type { AwsConfig } from './aws.ts';
import { createEcsCapacity } from './ecs-capacity.ts';
import { createIam } from './iam.ts';
import { createLoadBalancing } from './load-balancing.ts';
import { createLogGroups } from './log-groups.ts';
import { createObjects } from './objects.ts';
import { createParameters } from './parameters.ts';
import { createSecrets } from './secrets.ts';

/**
 * The port Resources over the SDK; each service's library is loaded with its first question.
 * @param mask gets a secret's value before anything else sees it
 */
export const createResources = (config: AwsConfig, mask: (secret: string) => void): Resources => ({
  ...createEcsCapacity(config),
  ...createIam(config),
  ...createSecrets(config, mask),
  ...createParameters(config),
  ...createLogGroups(config),
  ...createObjects(config),
  ...createLoadBalancing(config),
  ...createAlarms(config),
});
