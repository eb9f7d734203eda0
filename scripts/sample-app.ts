/** A sample service for the demo and the tests: a two-platform image FROM scratch, as no base image can be pulled. */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCKERFILE = `FROM scratch AS base
ARG TARGETARCH
COPY \${TARGETARCH}/ /
ENV PATH=/bin
RUN uname -m > /built-on
ARG COMMAND="sleep 3600"
RUN printf '#!/bin/sh\\n%s\\n' "\${COMMAND}" > /bin/start && chmod +x /bin/start
CMD ["/bin/start"]
`;

export interface BusyboxEnv {
  readonly ENGINE_BUSYBOX_AMD64?: string;
  readonly ENGINE_BUSYBOX_ARM64?: string;
}

/** Writes Dockerfile, root file systems and task definition into a folder. */
export function writeSampleApp(folder: string, env: BusyboxEnv, taskDefinition: object): void {
  for (const [architecture, busybox] of [
    ['amd64', env.ENGINE_BUSYBOX_AMD64],
    ['arm64', env.ENGINE_BUSYBOX_ARM64],
  ] as const) {
    const bin = join(folder, architecture, 'bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync(busybox ?? '', join(bin, 'busybox'));
    for (const applet of ['sh', 'cat', 'sleep', 'uname', 'printf', 'chmod', 'echo', 'false', 'test', 'tail', 'touch'])
      symlinkSync('busybox', join(bin, applet));
  }
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(taskDefinition, null, 2));
}

export const SAMPLE_TASK_DEFINITION = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    { name: 'app', image: '${IMAGE}', essential: true, portMappings: [{ containerPort: 8080 }] },
    { name: 'sidecar', image: '${IMAGE}', essential: false, command: ['sleep', '3600'] },
  ],
};
