import { dockerRun, variablesOf } from '../../src/report/docker-run.ts';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:ab';
const linux = {};

test('an image of ECR needs a login, which names its registry and Region; any other needs none', () => {
  const image = ECR.replace('@sha256:ab', ':1');
  expect(dockerRun({ name: 'app', image }, linux)).toBe(
    `aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com &&\n  docker run --rm --platform linux/amd64 ${image}`,
  );
  expect(dockerRun({ name: 'app', image: 'ghcr.io/acme/web:1' }, linux)).toMatch(/^docker run /);
  expect(dockerRun({ name: 'app', image: '${IMAGE}' }, linux)).toMatch(/^docker run /);
});

test('names of variables and secrets are passed, and no value', () => {
  const container = {
    name: 'app',
    image: 'web',
    environment: [{ name: 'STAGE', value: 'blue' }],
    secrets: [
      { name: 'PASSWORD', valueFrom: '/password' },
      { name: 'STAGE', valueFrom: '/stage' },
    ],
  };
  expect(variablesOf(container)).toEqual(['STAGE', 'PASSWORD']);
  expect(dockerRun(container, linux)).toBe('docker run --rm --platform linux/amd64 -e STAGE -e PASSWORD web');
});

test('what the container says of its process', () => {
  const container = {
    name: 'app',
    image: 'web',
    entryPoint: ['sh', '-c'],
    command: ['node server.js'],
    user: '1000:1000',
    workingDirectory: '/srv/my app',
  };
  expect(dockerRun(container, linux)).toBe(
    "docker run --rm --platform linux/amd64 --user 1000:1000 --workdir '/srv/my app' --entrypoint sh web -c 'node server.js'",
  );
  expect(dockerRun(container, linux, { command: ['npm', 'test'], options: ['-d'] })).toMatch(
    /^docker run -d .* web -c npm test$/,
  );
});

test.each([
  [{ cpuArchitecture: 'ARM64' }, ' --platform linux/arm64 web'],
  [{ cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' }, ' --platform linux/amd64 web'],
  [{ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }, 'docker run --rm web'],
])('%j', (runtimePlatform, end) =>
  expect(dockerRun({ name: 'app', image: 'web' }, { runtimePlatform })).toMatch(new RegExp(`${end}$`)),
);
