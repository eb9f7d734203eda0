const balancing = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
export const BLUE = `${balancing}:targetgroup/blue/1`;
export const GREEN = `${balancing}:targetgroup/green/2`;
export const LISTENER = `${balancing}:listener/app/web/1/80`;
export const TEST_LISTENER = `${balancing}:listener/app/web/1/8080`;
export const VALIDATE = 'arn:aws:lambda:eu-west-1:123456789012:function:validate';

export const CODE_DEPLOY = {
  deploymentController: { type: 'CODE_DEPLOY' },
  loadBalancers: [{ targetGroupArn: BLUE, containerName: 'app', containerPort: 8080 }],
};

export interface Names {
  readonly application?: string;
  readonly group?: string;
  readonly service?: string;
}

export const groupOf = (
  settings: Readonly<Record<string, unknown>> = {},
  { application = 'AppECS-default-web', group = 'DgpECS-default-web', service = 'web' }: Names = {},
) => ({
  applicationName: application,
  deploymentGroupName: group,
  serviceRoleArn: 'arn:aws:iam::123456789012:role/codedeploy',
  deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce',
  deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
  blueGreenDeploymentConfiguration: {
    terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 5 },
    deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
  },
  loadBalancerInfo: {
    targetGroupPairInfoList: [
      {
        targetGroups: [{ name: 'blue' }, { name: 'green' }],
        prodTrafficRoute: { listenerArns: [LISTENER] },
        testTrafficRoute: { listenerArns: [TEST_LISTENER] },
      },
    ],
  },
  ecsServices: [{ clusterName: 'default', serviceName: service }],
  autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
  ...settings,
});

/** Waits for the approval before traffic is shifted. */
export const READY = (minutes = 60) => ({
  blueGreenDeploymentConfiguration: {
    ...groupOf().blueGreenDeploymentConfiguration,
    deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: minutes },
  },
});
