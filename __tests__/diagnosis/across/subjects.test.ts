import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Surface } from '../../../src/diagnosis/diagnosis.ts';

const of = (surface: Surface, text: string, launchType?: string) => {
  const { rule, cause, remedy } = diagnose({ surface, text, context: launchType === undefined ? {} : { launchType } });
  return { rule, words: `${cause} ${remedy}` };
};
const log = (text: string): string => of('container.log', text).words;

test.each([
  [
    '/usr/local/bin/docker-entrypoint.sh: /srv/data/config.yml: Permission denied',
    '/srv/data/config.yml',
    '/usr/local/bin',
  ],
  ['/usr/local/bin/docker-entrypoint.sh: /srv/x.yml: No such file or directory', '/srv/x.yml', '/usr/local/bin'],
  ['/app/run.sh: /srv/x.yml: Read-only file system', 'readonlyRootFilesystem', '/app/run.sh may'],
  [
    '/bin/sh: /opt/tvault/hcorp/bin/vault: Operation not permitted',
    'setcap -r /opt/tvault/hcorp/bin/vault',
    'chmod on',
  ],
  ['/usr/bin/env: /opt/x/python: No such file or directory', '/opt/x/python', '/usr/bin/env'],
  ['/bin/sh: /opt/app/run: not found', '/opt/app/run', 'command /bin/sh'],
  ['/bin/bash: /opt/app/run: cannot execute: required file not found', '/opt/app/run', 'advises'],
])('the path before the reason is the one that is meant: %s', (text, named, not) => {
  expect(log(text)).toContain(named);
  expect(log(text)).not.toContain(not);
});

test.each(['exec /usr/bin/ping: operation not permitted', '/bin/sh: /usr/bin/caddy: Operation not permitted'])(
  'a program with a capability that the container lacks: %s',
  (text) => expect(log(text)).toMatch(/setcap -r/),
);
test.each([
  'chown: /data: Operation not permitted',
  'rm: /data/x: Operation not permitted',
  'mkdir: /data/x: Permission denied',
])('and not what a tool may not do: %s', (text) => expect(log(text)).not.toMatch(/setcap/));

test.each([
  'please make sure it is correct.',
  'Please check your configuration and try again',
  'Make sure that this is set properly',
  'You may need to try again later',
])('advice in which nothing can be done is left out: %s', (advice) =>
  expect(log(`Error: something broke\n${advice}`)).not.toContain('advises'),
);
test.each(['Make sure `REDIS_URL` is set', 'Run "bin/rails db:migrate" to fix it', 'Please install libvips first'])(
  'advice that is an action is shown: %s',
  (advice) => expect(log(`Error: something broke\n${advice}`)).toContain(`own advice is: "${advice}`),
);

test.each([
  ['nginx: [emerg] host not found in resolver "$resolver_ip" in /usr/src/app/nginx.conf:25', '$resolver_ip'],
  ['nginx: [emerg] host not found in upstream "${API_HOST}" in /etc/nginx/conf.d/default.conf:3', '$API_HOST'],
])('a variable in nginx.conf is no value of the environment: %s', (text, name) => {
  expect(log(text)).toContain(`nginx takes ${name} for the text of a host`);
  expect(log(text)).not.toContain('ECS expands no variables');
});
test('and one that a client resolves is', () =>
  expect(log('Error: getaddrinfo ENOTFOUND ${DB_HOST}')).toContain('nothing replaced it'));

test.each([
  'Caused by: java.io.IOException: Keystore was tampered, or password was incorrect',
  'java.io.IOException: keystore password was incorrect',
  'java.security.UnrecoverableKeyException: Password verification failed',
])('a key store is no PEM: %s', (text) => {
  expect(log(text)).toMatch(/key store with the wrong password/);
  expect(log(text)).not.toContain('BEGIN');
});

test.each([
  ['panic: cannot find Asia/shanghai in zip file /usr/local/go/lib/time/zoneinfo.zip', /Correct its spelling/],
  [
    'Invalid value a.B for configuration sasl.client.callback.handler.class: Class a.B could not be found.',
    /class a\.B .*class path/,
  ],
  [
    'kafka.errors.SaslAuthenticationFailedError: [Error 58] SaslAuthenticationFailedError: Access denied',
    /kafka-cluster:Connect/,
  ],
  [
    "kernel_require.rb:37:in `require': incompatible library version - /usr/local/bundle/gems/nokogiri-1/lib/nokogiri/nokogiri.so (LoadError)",
    /another version of Ruby/,
  ],
  [
    'Error: Failed to load native binding\n    at Object.<anonymous> (/app/node_modules/@swc/core/binding.js:333:11)',
    /native part of @swc\/core/,
  ],
  ['ConfigError: No user-namespace sandbox is available on this host', /user namespaces.*Fargate has none/],
  [
    '[error] [AppNet Agent] Envoy readiness check failed with: Get "http://127.0.0.1:9901/ready": context deadline exceeded',
    /proxy of Service Connect.*not the application/,
  ],
])('what was built for another place, or lacks a part: %s', (text, words) => expect(log(text)).toMatch(words));

test.each<[string, string, RegExp, Surface?]>([
  ['CannotPullContainerError: failed to register layer: max depth exceeded', 'image-layer-unsupported', /more layers/],
  [
    'CannotPullContainerError: failed to register layer: devicemapper: Error mounting',
    'docker-storage-error',
    /devicemapper/,
  ],
  [
    'CannotPullContainerError: filesystem layer verification failed for digest sha256:af3cc4b92fa13ac0',
    'image-layer-unsupported',
    /\(sha256:af3cc4b92fa1\.\.\.\)/,
  ],
  [
    'CannotCreateContainerError: Error response from daemon: cannot mount volume over existing file, file exists /var/lib/docker/overlay2/3f1d/merged/app/server/k.db',
    'volume-failed',
    /at \/app\/server\/k\.db, which is a file in the image.*VOLUME of the Dockerfile/,
  ],
  [
    '(service web) (instance i-0a1b2c3d4e5f60718) (port 32768) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2) due to (reason Target group is not configured to receive traffic from the load balancer)',
    'target-group-not-attached',
    /No listener/,
    'service.event',
  ],
  [
    "(service test) failed to register targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/test/0123) with (error The Availability Zone for IP address '10.20.3.41' must be 'all' for Application Load Balancer target groups, when not within the VPC)",
    'target-registration-failed',
    /another VPC/,
    'service.event',
  ],
])('what the sentence says of whom: %s', (text, rule, words, surface = 'container.reason') => {
  const found = of(surface, text, 'EC2');
  expect(found.rule).toBe(rule);
  expect(found.words).toMatch(words);
});

const built = (text: string): string => of('buildx.stderr', text).words;
test('flags, stages and heredocs that a builder or frontend does not take', () => {
  expect(built('Error response from daemon: dockerfile parse error line 7: unknown flag: mount')).toMatch(
    /builder does not know.*BuildKit/,
  );
  expect(built('ERROR: failed to solve: dockerfile parse error on line 7: unknown flag: --monut')).not.toMatch(
    /with BuildKit/,
  );
  expect(built('ERROR: failed to build: failed to solve: circular dependency detected on stage: stage-0')).toMatch(
    /COPY --from name an earlier stage/,
  );
  expect(
    built(
      'failed to solve: rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 10: unknown instruction: SET',
    ),
  ).toMatch(/heredoc/);
});
test('a tool that is not in the stage', () =>
  expect(
    built(
      '#12 31.21 ** (Mix) "make" not found in the path. If you have set the MAKE environment variable,\n#12 31.21 please make sure it is correct.\nERROR: failed to solve: process "/bin/sh -c mix deps.compile" did not complete successfully: exit code: 1',
    ),
  ).toMatch(/tool make is not in that stage.*build-essential/));
