import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { batched, lazyClients } from './clients.ts';

/** Values of one filter, and parameters of one page. */
const NAMES_A_CALL = 50;

/** Systems Manager's parameters, by DescribeParameters: GetParameters would give values. */
export function createParameters(config: AwsConfig): Pick<Resources, 'parameters'> {
  const ssm = lazyClients(
    config,
    () => import('@aws-sdk/client-ssm'),
    (sdk, own) => new sdk.SSMClient(own),
  );
  return {
    parameters: (region, names) =>
      batched(names, NAMES_A_CALL, async (Values) => {
        const { sdk, client } = await ssm(region);
        const found: string[] = [];
        let NextToken: string | undefined;
        // "The number of items returned can be between zero and MaxResults": an empty page is no end.
        do {
          const page = NextToken === undefined ? {} : { NextToken };
          const answer = await call('ssm', 'DescribeParameters', () =>
            client.send(
              new sdk.DescribeParametersCommand({
                ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                MaxResults: NAMES_A_CALL,
                ...page,
              }),
            ),
          );
          const parameters = required(answer.Parameters, 'ssm', 'DescribeParameters', 'Parameters');
          found.push(...parameters.flatMap(({ Name }) => Name ?? []));
          NextToken = answer.NextToken;
        } while (NextToken !== undefined);
        return found;
      }),
  };
}
