import { Failure } from '../failure.ts';
import type { AwsConfig } from './aws.ts';

/**
 * A library and its client for a region, both made when they are first asked for. What they ask is a help, not a need:
 * the SDK's few attempts have to do (AwsConfig), for an API that cannot be reached must not hold up the deployment.
 */
export function lazyClients<Sdk, Client>(
  config: AwsConfig,
  load: () => Promise<Sdk>,
  make: (sdk: Sdk, config: AwsConfig) => Client,
): (region: string) => Promise<{ readonly sdk: Sdk; readonly client: Client }> {
  const clients = new Map<string, Client>();
  return async (region) => {
    const sdk = await load();
    const client = clients.get(region) ?? make(sdk, { ...config, region });
    clients.set(region, client);
    return { sdk, client };
  };
}

/** `question`, or `undefined` where AWS says that there is no such thing. */
export async function unlessMissing<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') return undefined;
    throw thrown;
  }
}

/** Any number of items through calls that take `size` at most, side by side. */
export function batched<Item, T>(
  items: readonly Item[],
  size: number,
  send: (batch: Item[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
  return Promise.all(batches.map(send)).then((answers) => answers.flat());
}
