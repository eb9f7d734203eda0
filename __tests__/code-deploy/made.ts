/** What CodeDeploy answers about the service `web`, as the tests of this folder have it. */
import type { CodeDeployment, DeploymentGroup } from '../../src/model.ts';
import { START } from '../report/made.ts';

export const GROUP: DeploymentGroup = {
  application: 'AppECS-shop-web',
  name: 'DgpECS-shop-web',
  configName: 'Canary',
  services: [{ cluster: 'shop', service: 'web' }],
  targetGroups: [],
  alarms: [],
  rollbackOn: [],
};

/** One under way. */
export const deployment = (id: string, rest: Partial<CodeDeployment> = {}): CodeDeployment => ({
  id,
  status: 'InProgress',
  configName: 'Canary',
  createdAt: START,
  rollbackOn: [],
  terminationStarted: false,
  ...rest,
});
