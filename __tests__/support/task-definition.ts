export const TASK_DEFINITION = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'app', image: 'example.com/app:1', portMappings: [{ containerPort: 8080 }] }],
};

/** A definition of the family with one container of that image. */
export const definitionOf = (family: string, image: string) => ({
  ...TASK_DEFINITION,
  family,
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
