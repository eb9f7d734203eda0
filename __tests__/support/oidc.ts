/** A token as GitHub's endpoint gives a job; without a signature that anybody could check. */
export function githubToken(claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    sub: 'repo:acme/web:environment:production',
    iat: now,
    nbf: now - 300,
    exp: now + 300,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ ...usual, ...claims })}.c2lnbmF0dXJl`;
}

/** The trust policy of AWS's and GitHub's guides: the audience, and which jobs. */
export const trustsGithub = (sub: string, accountId = '123456789012'): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        StringLike: { 'token.actions.githubusercontent.com:sub': sub },
      },
    },
  ],
});
