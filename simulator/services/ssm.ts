import { ApiException, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

type Input = Readonly<Record<string, unknown>>;

/** AWS Systems Manager: the parameter store, as far as names go. */
export class Ssm implements Service {
  readonly name = 'ssm';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonSSM';
  readonly parameters = new Set<string>();

  async handle(operation: string, input: Input): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-ssm'));
    if (wrong) throw new ApiException('ValidationException', wrong.words);
    if (operation !== 'DescribeParameters')
      throw new ApiException('UnknownOperationException', `The simulator does not know ssm:${operation}.`);
    const filters = (input.ParameterFilters ?? []) as { Key: string; Option?: string; Values: string[] }[];
    for (const { Key, Option = 'Equals', Values } of filters) {
      if (Key !== 'Name' || Option !== 'Equals')
        throw new ApiException('InvalidFilterOption', `The simulator does not filter ${Key} by ${Option}.`);
      if (Values.length < 1 || Values.length > 50)
        throw new ApiException('ValidationException', 'Member must have length between 1 and 50');
    }
    const all = [...this.parameters].filter((name) => filters.every(({ Values }) => Values.includes(name)));
    // The service may answer with less than it could, even with nothing, and a token for the next page.
    const from = input.NextToken === undefined ? -1 : Number(input.NextToken);
    const page = from < 0 ? [] : all.slice(from, from + 10);
    const next = from < 0 ? 0 : from + 10;
    return {
      Parameters: page.map((Name) => ({ Name, Type: 'SecureString', Version: 1 })),
      ...(next < all.length ? { NextToken: String(next) } : {}),
    };
  }
}
