import { ApiException, type CallContext, type Service } from '../wire/service.ts';
import type { Tokens } from './registry.ts';

export const PUBLIC_HOST = 'public.ecr.aws';
/** Of the registry that holds all public ones here. */
export const PUBLIC_ACCOUNT = '000000000000';

/**
 * Amazon ECR Public: the login to public.ecr.aws, which exists in us-east-1 alone.
 * https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
 */
export class EcrPublic implements Service {
  readonly name = 'ecr-public';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'SpencerFrontendService';
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  handle(operation: string, _: Readonly<Record<string, unknown>>, { region }: CallContext): object {
    if (region !== 'us-east-1') {
      throw new ApiException('UnsupportedCommandException', `ecr-public has no endpoint in ${region}.`);
    }
    if (operation !== 'GetAuthorizationToken') {
      throw new ApiException('UnknownOperationException', `The simulator does not know ecr-public:${operation}.`);
    }
    const { password, expiresAt } = this.#tokens.issue();
    const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
    return { authorizationData: { authorizationToken, expiresAt } };
  }
}
