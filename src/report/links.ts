/** https://docs.aws.amazon.com/general/latest/gr/ecs-service.html and the partitions' own consoles. */
const CONSOLES: readonly (readonly [regions: RegExp, domain: string])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/./, 'console.aws.amazon.com'],
];
const console = (region: string): string => {
  const domain = CONSOLES.find(([regions]) => regions.test(region))?.[1] ?? '';
  return `https://${region}.${domain}`;
};
const last = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The service in the ECS console. Region and names come from the ARN itself. */
export function serviceLink(serviceArn: string, clusterArn: string): string {
  const region = serviceArn.split(':')[3] ?? '';
  return `${console(region)}/ecs/v2/clusters/${last(clusterArn)}/services/${last(serviceArn)}/health?region=${region}`;
}

export function revisionLink(taskDefinitionArn: string): string {
  const region = taskDefinitionArn.split(':')[3] ?? '';
  return `${console(region)}/ecs/v2/task-definitions/${last(taskDefinitionArn).replace(':', '/')}/containers?region=${region}`;
}
