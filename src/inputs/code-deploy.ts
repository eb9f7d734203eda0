import { defined } from '../model.ts';
import type { Reader } from './reader.ts';
import type { CodeDeployInputs } from './types.ts';

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html */
const NAME = {
  pattern: /^[\w+=,.@-]{1,100}$/,
  expected: 'a name of CodeDeploy: up to 100 letters, digits and `_ + = , . @ -`',
};
/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;

/** How CodeDeploy deploys the service, with the names of aws-actions/amazon-ecs-deploy-task-definition; undefined where none is given. */
export function readCodeDeploy(reader: Reader): CodeDeployInputs | undefined {
  const appSpec = reader.text('codedeploy-appspec');
  // Not quoted: it may hold anything.
  if (appSpec !== undefined && (/^[{[]|^---|[\r\n]/.test(appSpec) || appSpec.length > LONGEST_PATH))
    reader.mistake(
      'codedeploy-appspec',
      'is an AppSpec itself, but takes the path of a file.',
      'Write the AppSpec to a file, and give its path.',
    );
  const inputs = defined({
    appSpec,
    application: reader.shaped('codedeploy-application', NAME),
    deploymentGroup: reader.shaped('codedeploy-deployment-group', NAME),
    configName: reader.shaped('codedeploy-deployment-config', NAME),
    description: reader.text('codedeploy-deployment-description'),
    waitFor: reader.choice('codedeploy-wait-for', ['traffic', 'termination']),
  });
  return Object.keys(inputs).length > 0 ? inputs : undefined;
}
