import { registryIn } from '../../src/diagnosis/registry.ts';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

test.each<[string, string | undefined, string | undefined]>([
  [`failed to resolve ref ${ECR}/api:1: not found`, 'ecr', ECR],
  [`Get REDACTED ECR URL related to ${ECR}/api: dial tcp`, 'ecr', ECR],
  [
    'failed to copy: Get "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a": i/o timeout',
    'ecr',
    'prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com',
  ],
  ['failed to resolve ref public.ecr.aws/docker/library/nginx:1: 403 Forbidden', 'ecr-public', 'public.ecr.aws'],
  ['pull access denied for acme-api, repository does not exist', 'docker-hub', 'docker.io'],
  ['manifest for nginx:1.999 not found', 'docker-hub', 'docker.io'],
  ['Head "https://registry-1.docker.io/v2/library/redis/manifests/7": EOF', 'docker-hub', 'docker.io'],
  ['failed to push ghcr.io/acme/api:1: denied', 'other', 'ghcr.io'],
  ['failed to resolve ref "nexus.corp.example:8443/team/api:9": x509', 'other', 'nexus.corp.example:8443'],
  [
    'failed to authorize: unexpected status from GET request to https://acme.azurecr.io/oauth2/token: 401',
    'other',
    'acme.azurecr.io',
  ],
  ['unable to retrieve ecr registry auth: service call has been retried 3 time(s)', 'ecr', undefined],
  ['Post "https://secretsmanager.eu-west-1.amazonaws.com/": dial tcp 10.0.0.1:443', undefined, undefined],
  ['unauthorized: access denied. See https://docs.docker.com/go/x', undefined, undefined],
  ['failed to resolve ref "registry.example.com:1": 401', undefined, undefined],
])('%s', (text, kind, host) => {
  const found = registryIn(text);
  expect(found?.kind).toBe(kind);
  expect(found?.host).toBe(host);
});

test("of a build's output the line of the error counts, not the progress before it", () => {
  const output = `#3 [internal] load metadata for docker.io/library/node:20\n#9 pushing layers\nERROR: failed to push ${ECR}/api:1: denied`;
  expect(registryIn(output)).toEqual({ kind: 'ecr', host: ECR });
});
